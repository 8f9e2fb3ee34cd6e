"""Turns a kind of mail and its context into subject, text and HTML that mail programs can show."""

from dataclasses import dataclass

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from cms.core.models import SiteSettings

# Mail programs ignore style sheets, so every rule moves to its element; only media queries stay.
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


@dataclass(frozen=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def render(kind: str, context: dict) -> RenderedMail:
    """The mail `mail/<kind>.*` with this context; raises TemplateDoesNotExist for an unknown kind."""
    sender = _sender()
    subject = " ".join(render_to_string(f"mail/{kind}.subject.txt", context).split())
    return RenderedMail(
        subject=subject,
        text=render_to_string(f"mail/{kind}.txt", {**sender, **context}).strip() + "\n",
        html=INLINER.inline(render_to_string(f"mail/{kind}.html", {**sender, **context, "subject": subject})),
    )


def _sender() -> dict[str, str]:
    site_settings = SiteSettings.objects.filter(site__is_default_site=True).first()
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_url": settings.PUBLIC_BASE_URL,
        "support_email": site_settings.support_email if site_settings else "",
        "postal_address": site_settings.postal_address if site_settings else "",
    }
