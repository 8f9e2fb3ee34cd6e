"""Passwords that many people would think of."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator as DjangoValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# This site's name, and what README publishes.
SITE_WORDS = frozenset({"checkup", "checkupdemo", "checkupadmin"})
# What people write for a letter.
LETTERS = str.maketrans("013457@$!", "oieastasi")
MIN_CORE_LENGTH = 4


class CommonPasswordValidator(DjangoValidator):
    """Django's list of common passwords, and what is one of them with something put on.

    Twelve characters are asked for, and few on the list are as long: people lengthen a short one.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that is easy to guess."""
        if any(word in self.passwords or word in SITE_WORDS for word in cores(password)):
            raise ValidationError(
                _("This password is easy to guess: a common one stays so with numbers or signs around it."),
                code="password_too_common",
            )


def cores(password: str) -> set[str]:
    """Return the password itself, and what is left of it without digits, signs, disguise and repetition."""
    lowered = password.lower().strip()
    found = {lowered}
    for text in (lowered, lowered.translate(LETTERS)):
        ends = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
        found |= {ends, re.sub(r"[\W\d_]+", "", text), re.sub(r"[\W_]+", "", text)}
    for text in tuple(found):
        if repeated := re.fullmatch(r"(.+?)\1+", text):
            found.add(repeated[1])
    return {text for text in found if len(text) >= MIN_CORE_LENGTH or text == lowered}
