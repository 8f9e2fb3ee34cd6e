"""The forms of the mail desk: sending a mail again, and wording one kind of mail."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.typed.fields import EmailField
from shop.mail import placeholders
from shop.mail.models import MAX_SUBJECT_LENGTH, PARTS, MailWording
from shop.mail.wordings import WORDINGS

MAX_TEXT_LENGTH = 5000


class ResendForm(forms.Form):
    """To whom a mail goes once more: left empty, to the same address."""

    recipient = EmailField(
        label=_("Recipient"),
        required=False,
        max_length=254,
        help_text=_("Correct a mistyped address here. The order keeps its own."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    # A form that is sent twice sends one mail.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class WordingForm(forms.Form):
    """Each part shows the words that stand; a part that is emptied gets the shipped ones back."""

    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=MAX_SUBJECT_LENGTH,
        help_text=_("Others may see it on a locked screen: never name a product or a health topic."),
    )
    heading = forms.CharField(label=_("Heading"), required=False, max_length=MAX_SUBJECT_LENGTH)
    before = forms.CharField(
        label=_("Text above the button"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("An empty line begins a paragraph."),
    )
    button = forms.CharField(label=_("Words on the button"), required=False, max_length=60)
    after = forms.CharField(
        label=_("Text below the button"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, kind: str, **kwargs) -> None:
        self.kind = kind
        self.defaults = {part: str(getattr(WORDINGS[kind], part)) for part in PARTS}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, str]:
        """Return what differs from the shipped words. A placeholder that is not offered is marked."""
        cleaned = super().clean() or {}
        offered = WORDINGS[self.kind].examples()
        for part in PARTS:
            text = cleaned.get(part, "").replace("\r\n", "\n")
            try:
                placeholders.check(text, offered)
            except placeholders.UnusableText as refusal:
                self.add_error(part, str(refusal))
            else:
                cleaned[part] = "" if text == self.defaults[part] else text
        return cleaned


def current_texts(kind: str) -> dict[str, str]:
    """Return each part as a mail of this kind has it now, with its placeholders."""
    edited = MailWording.objects.filter(kind=kind).first()
    texts = edited.texts() if edited else {}
    return {part: texts.get(part) or str(getattr(WORDINGS[kind], part)) for part in PARTS}
