"""Turns a kind of mail and its context into subject, text and HTML that mail programs can show."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from cms.core.models import SiteSettings
from cms.typed.text import clean_line, without_controls
from shop.mail.models import MAX_SUBJECT_LENGTH, PARTS, MailWording
from shop.mail.placeholders import UnusableText, fill
from shop.mail.wordings import WORDINGS, Wording, example_address

logger = logging.getLogger(__name__)

# Mail programs ignore style sheets, so every rule moves to its element; only media queries stay.
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def render(kind: str, context: Mapping) -> RenderedMail:
    """Return the mail in the editors' wording, or in the shipped one where theirs cannot be used.

    Raise KeyError for an unknown kind.
    """
    wording = WORDINGS[kind]
    values = wording.values(context)
    address = str(context.get(wording.button_address, ""))
    if edited := MailWording.objects.filter(kind=kind).first():
        try:
            return render_wording(wording, edited.texts(), values, address)
        # Whatever is wrong with an editor's words, the customer gets the mail.
        except Exception:
            logger.exception("The edited wording of %s cannot be used; the shipped one is sent", kind)
    return render_wording(wording, {}, values, address)


def render_example(kind: str, texts: Mapping[str, str]) -> RenderedMail:
    """Return the mail with example values and these texts in place of the shipped ones.

    Raise UnusableText where a text asks for what the mail does not offer.
    """
    wording = WORDINGS[kind]
    return render_wording(wording, texts, wording.examples(), example_address())


def render_wording(
    wording: Wording, texts: Mapping[str, str], values: Mapping[str, str], address: str
) -> RenderedMail:
    """Return the mail from the texts and, where one is blank, the shipped text; raise UnusableText."""
    parts = {part: (texts.get(part) or str(getattr(wording, part))).replace("\r\n", "\n") for part in PARTS}
    subject = _one_line(fill(parts["subject"], values))
    if not subject:
        raise UnusableText("The subject is empty.")
    context = {
        **_sender(),
        **({} if wording.for_staff else _contact()),
        "subject": subject,
        "heading": _one_line(fill(parts["heading"], values)),
        "before": _paragraphs(parts["before"], values),
        "button": _one_line(fill(parts["button"], values)),
        "after": _paragraphs(parts["after"], values),
        "address": address,
        "details": [(label, values[name]) for label, name in wording.details if values[name]],
        "for_staff": wording.for_staff,
    }
    return RenderedMail(
        subject=subject,
        text=without_controls(render_to_string("mail/worded.txt", context)).strip() + "\n",
        html=INLINER.inline(without_controls(render_to_string("mail/worded.html", context))),
    )


def _paragraphs(text: str, values: Mapping[str, str]) -> list[str]:
    """Return the filled paragraphs; a value makes no paragraph of its own, and an empty one leaves none."""
    filled = (fill(paragraph, values) for paragraph in EMPTY_LINES.split(text.strip()))
    return [paragraph for paragraph in filled if paragraph.strip()]


def _one_line(text: str) -> str:
    """Return the subject without line breaks, which begin another header, and cut to what the row holds."""
    return clean_line(text)[:MAX_SUBJECT_LENGTH]


def _sender() -> dict[str, str]:
    return {"site_name": settings.WAGTAIL_SITE_NAME, "site_url": settings.PUBLIC_BASE_URL}


def _contact() -> dict[str, str]:
    """Return where a customer can turn to; the staff's mails do not say it."""
    site_settings = SiteSettings.objects.filter(site__is_default_site=True).first()
    return {
        "support_email": site_settings.support_email if site_settings else "",
        "postal_address": site_settings.postal_address if site_settings else "",
    }
