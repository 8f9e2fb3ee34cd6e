"""Turns a kind of mail and its context into subject, text and HTML that mail programs can show."""

from dataclasses import dataclass

import css_inline
from django.template.loader import render_to_string

from cms.core.models import SiteSettings

# Mail programs ignore style sheets, so every rule moves to its element; what only a media query can say stays.
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


@dataclass(frozen=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def render(kind: str, context: dict) -> RenderedMail:
    """The mail `mail/<kind>.*` with this context; raises TemplateDoesNotExist for an unknown kind."""
    full_context = {"site_settings": SiteSettings.objects.select_related("site").first(), **context}
    subject = render_to_string(f"mail/{kind}.subject.txt", full_context)
    return RenderedMail(
        subject=" ".join(subject.split()),
        text=render_to_string(f"mail/{kind}.txt", full_context).strip() + "\n",
        html=INLINER.inline(
            render_to_string(f"mail/{kind}.html", {**full_context, "subject": " ".join(subject.split())})
        ),
    )
