"""JSON-LD that says what the page shows, no more: every text here is visible on the page.

Vocabulary: https://schema.org and Google's rules for rich results. Each function gives one object without
`@context`; `as_script` puts the objects of a page into one graph.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cms.core.navigation import Crumb
from cms.core.questions import Question, answer_text
from cms.images.pictures import SHARE_SPEC, renditions_of

Thing = dict[str, Any]

# What would end the script element or open a comment inside it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def as_script(things: Sequence[Thing]) -> SafeString:
    """Return a script element that no text in it can end; empty without things."""
    if not things:
        return SafeString("")
    graph = json.dumps({"@context": "https://schema.org", "@graph": list(things)}, ensure_ascii=False)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(graph.translate(ESCAPES)))


def absolute(url: str, request: HttpRequest) -> str:
    return request.build_absolute_uri(url)


def breadcrumb_list(crumbs: Iterable[Crumb], request: HttpRequest) -> Thing:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb["title"],
                "item": absolute(crumb["url"], request),
            }
            for position, crumb in enumerate(crumbs, start=1)
        ],
    }


def organization(name: str, request: HttpRequest) -> Thing:
    return {
        "@type": "Organization",
        "@id": absolute("/#organization", request),
        "name": name,
        "url": absolute("/", request),
    }


def website(name: str, description: str, request: HttpRequest) -> Thing:
    return {
        "@type": "WebSite",
        "@id": absolute("/#website", request),
        "name": name,
        "description": description,
        "url": absolute("/", request),
        "publisher": {"@id": absolute("/#organization", request)},
    }


def faq_page(questions: Iterable[Question], url: str) -> list[Thing]:
    """Return the questions and answers of one page, as text, as one thing; nothing without questions."""
    entities = [
        {
            "@type": "Question",
            "name": question["question"],
            "url": f"{url}#{question['anchor']}",
            "acceptedAnswer": {"@type": "Answer", "text": answer_text(question)},
        }
        for question in questions
    ]
    return [{"@type": "FAQPage", "@id": f"{url}#questions", "mainEntity": entities}] if entities else []


def picture_url(page: Any, request: HttpRequest) -> str:
    """Return the page's picture at the size that shares show, as a full address; empty without a picture."""
    rendition = share_rendition(page)
    return absolute(rendition.url, request) if rendition else ""


def share_rendition(page: Any) -> Any:
    """Return the rendition for shares, asked for once a page; None without a picture that can be shown."""
    if not hasattr(page, "_share_rendition"):
        picture = getattr(page, "picture", None)
        page._share_rendition = renditions_of(picture, [SHARE_SPEC]).get(SHARE_SPEC) if picture else None
    return page._share_rendition
