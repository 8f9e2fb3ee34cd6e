"""JSON-LD that says what the page shows, no more: every text here is visible on the page.

Vocabulary: https://schema.org and Google's rules for rich results. Each function gives one object without
`@context`; `as_script` puts the objects of a page into one graph.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cms.core.breadcrumbs import Crumb
from cms.core.currencies import to_decimal
from cms.core.questions import Question, answer_text
from cms.images.pictures import SHARE_SPEC, renditions_of

Thing = dict[str, Any]

# What would end the script element or open a comment inside it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def as_script(things: Sequence[Thing]) -> SafeString:
    """A script element that no text in it can end; empty without things."""
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


def faq_page(questions: Iterable[Question], url: str) -> Thing | None:
    """The questions and answers of one page, as text; None without questions."""
    entities = [
        {
            "@type": "Question",
            "name": question["question"],
            "url": f"{url}#{question['anchor']}",
            "acceptedAnswer": {"@type": "Answer", "text": answer_text(question)},
        }
        for question in questions
    ]
    return {"@type": "FAQPage", "@id": f"{url}#questions", "mainEntity": entities} if entities else None


def article(page: Any, request: HttpRequest) -> list[Thing]:
    """An article page: a MedicalWebPage whose main entity is the Article, and its questions.

    Takes any page with `author`, `reviewer`, `last_reviewed`, `category` and `question_list`.
    """
    url = page.address(request)
    web_page: Thing = {
        "@type": "MedicalWebPage",
        "@id": f"{url}#webpage",
        "url": url,
        "name": page.title,
        "description": page.introduction,
        "inLanguage": get_language() or settings.LANGUAGE_CODE,
        "mainEntity": {"@id": f"{url}#article"},
    }
    if page.last_reviewed:
        web_page["lastReviewed"] = page.last_reviewed.isoformat()
    if page.reviewer:
        web_page["reviewedBy"] = _person(page.reviewer)
    body: Thing = {
        "@type": "Article",
        "@id": f"{url}#article",
        "headline": page.title,
        "description": page.introduction,
        "mainEntityOfPage": {"@id": f"{url}#webpage"},
        "publisher": {"@id": absolute("/#organization", request)},
    }
    if page.author:
        body["author"] = _person(page.author)
    if page.category:
        body["articleSection"] = page.category.name
    if page.first_published_at:
        body["datePublished"] = page.first_published_at.isoformat()
    if page.last_published_at:
        body["dateModified"] = page.last_published_at.isoformat()
    if picture := picture_url(page, request):
        body["image"] = picture
    return _present(web_page, body, faq_page(page.question_list(), url))


def product(page: Any, request: HttpRequest) -> list[Thing]:
    """A package page: the Product with its Offer, priced by the catalogue's row, and its questions.

    Takes any page with `is_for_sale` and `package` (name, sku, price_amount, currency, is_sold_out,
    suitable_sex, minimum_age, maximum_age).
    """
    package = page.package
    url = page.address(request)
    if package is None:
        return []
    thing: Thing = {
        "@type": "Product",
        "@id": f"{url}#product",
        "name": page.title,
        "description": page.introduction or package.summary,
        "sku": package.sku,
        "url": url,
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": str(to_decimal(package.price_amount, package.currency)),
            "priceCurrency": package.currency,
            "availability": f"https://schema.org/{_availability(page)}",
        },
        "audience": _audience(package),
    }
    if picture := picture_url(page, request):
        thing["image"] = picture
    return _present(thing, faq_page(page.question_list(), url))


def _audience(package: Any) -> Thing:
    """Whom it is for: a sex in schema.org's words ("unisex" for everybody), ages in years."""
    audience: Thing = {
        "@type": "PeopleAudience",
        "suggestedGender": "unisex" if package.suitable_sex == "any" else package.suitable_sex,
        "suggestedMinAge": package.minimum_age,
    }
    if package.maximum_age is not None:
        audience["suggestedMaxAge"] = package.maximum_age
    return audience


def _availability(page: Any) -> str:
    if not page.is_for_sale:
        return "Discontinued"
    return "SoldOut" if page.package.is_sold_out else "InStock"


def picture_url(page: Any, request: HttpRequest) -> str:
    """The page's picture at the size that shares show, as a full address; empty without a picture."""
    rendition = share_rendition(page)
    return absolute(rendition.url, request) if rendition else ""


def share_rendition(page: Any) -> Any:
    """The rendition for shares, asked for once a page; None without a picture that can be shown."""
    if not hasattr(page, "_share_rendition"):
        picture = getattr(page, "picture", None)
        page._share_rendition = renditions_of(picture, [SHARE_SPEC]).get(SHARE_SPEC) if picture else None
    return page._share_rendition


def _person(person: Any) -> Thing:
    return {"@type": "Person", "name": person.name, "jobTitle": person.role}


def _present(*things: Thing | None) -> list[Thing]:
    return [thing for thing in things if thing]
