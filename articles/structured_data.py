"""What an article says about itself to search engines; every text here is visible on the page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from cms.core.structured_data import Thing, absolute, faq_page, picture_url


def article(page: Any, request: HttpRequest) -> list[Thing]:
    """Return what an article page is: a MedicalWebPage whose main entity is the Article, and its questions.

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
    return [web_page, body, *faq_page(page.question_list(), url)]


def _person(person: Any) -> Thing:
    return {"@type": "Person", "name": person.name, "jobTitle": person.role}
