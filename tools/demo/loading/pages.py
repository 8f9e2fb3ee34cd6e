"""The page tree: home, articles, questions, health checks, people and plain pages."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from articles.models import (
    ArticleIndexPage,
    ArticlePage,
    Category,
    FAQIndexPage,
    FAQPage,
    PeoplePage,
    Person,
    RecommendedLink,
)
from cms.core.calendar import site_today
from cms.core.models import BasePage, SiteSettings
from home.models import HomePage, PlainPage
from shop.catalogue.models import Biomarker, Package, PackageIndexPage, PackagePage
from shop.catalogue.models.pages import RelatedLink
from tools.demo.loading import content, streams
from tools.demo.loading.images import demo_image
from tools.demo.loading.once import load_once

WELCOME_SLUG = "welcome-to-wagtail"


def load_people() -> None:
    for person in content.read("site")["person"]:
        load_once(f"person:{person['key']}", _load_person, person)


def load_categories() -> None:
    for position, category in enumerate(content.read("site")["category"]):
        load_once(f"category:{category['key']}", _load_category, category, position)


def load_structure() -> None:
    load_once("home", _load_home)
    for section in content.read("site")["section"]:
        load_once(f"section:{section['slug']}", _load_section, section)
    for page in content.read("site")["page"]:
        load_once(f"page:{page['slug']}", _load_plain_page, page)


def load_package_pages() -> None:
    for package in content.read("packages")["package"]:
        load_once(f"package-page:{package['sku']}", _load_package_page, package)


def load_articles() -> None:
    for article in content.read_folder("articles"):
        load_once(f"article:{article['slug']}", _load_article, article)


def load_faqs() -> None:
    for faq in content.read_folder("faqs"):
        load_once(f"faq:{faq['slug']}", _load_faq, faq)


def load_links() -> None:
    """Link pages, once all of them are there, and publish those that link."""
    for article in content.read_folder("articles"):
        load_once(f"recommended:{article['slug']}", _load_recommended, article)
    for package in content.read("packages")["package"]:
        load_once(f"related:{package['sku']}", _load_related, package)


def _publish(parent: Page, page: BasePage) -> None:
    parent.add_child(instance=page)
    page.save_revision().publish()


def _load_person(person: dict) -> None:
    Person.objects.get_or_create(
        slug=person["key"],
        defaults={
            "name": person["name"],
            "role": person["role"],
            "qualifications": person["qualifications"],
            "biography": person["biography"],
            "is_clinician": person["kind"] == "reviewer",
            "picture": demo_image(person["key"], title=person["name"]),
        },
    )


def _load_category(category: dict, position: int) -> None:
    Category.objects.get_or_create(
        slug=category["key"],
        defaults={"name": category["name"], "description": category["description"], "position": position},
    )


def _load_home() -> None:
    if HomePage.objects.exists():
        return
    site_content = content.read("site")
    home = site_content["home"]
    _move_welcome_page_aside()
    page = HomePage(
        title=home["title"],
        slug="home",
        introduction=home["introduction"],
        search_description=home.get("search_description", ""),
        picture=demo_image("home", title="Home", description=home.get("picture_alt", "")),
        steps=streams.stream({"type": "step", "value": step} for step in home["how_it_works"]),
        promise_title=home["promise_title"],
        promise_text=home["promise_text"],
    )
    _publish(Page.get_first_root_node(), page)
    site = _use_as_site_root(page)
    Page.objects.filter(slug=WELCOME_SLUG, depth=2).delete()
    SiteSettings.objects.update_or_create(
        site=site,
        defaults={
            "strapline": home["strapline"],
            "footer_notice": site_content["demo_notice"],
            "laboratory_codes_notice": site_content["loinc_notice"],
            "emergency_advice": site_content["emergency_advice"],
            "emergency_number": site_content["emergency_number"],
            "helplines": streams.helplines(site_content["helpline"]),
            "support_email": "help@checkup.example",
            "staff_email": "orders@checkup.example",
            "postal_address": "Checkup (demo)\n1 Example Street\nSampleton",
        },
    )


def _move_welcome_page_aside() -> None:
    """Wagtail's own welcome page holds the slug; a page of another type is somebody's work and stays."""
    welcome = Page.objects.filter(slug="home", depth=2, content_type__model="page")
    welcome.update(slug=WELCOME_SLUG)  # without a signal: it is deleted before anything is indexed


def _use_as_site_root(page: HomePage) -> Site:
    address = urlsplit(settings.PUBLIC_BASE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.site_name = "Checkup"
    site.root_page = page
    site.save()
    return site


SECTION_TYPES: dict[str, type[BasePage]] = {
    "articles": ArticleIndexPage,
    "questions": FAQIndexPage,
    "health-checks": PackageIndexPage,
    "people": PeoplePage,
}


def _load_section(section: dict) -> None:
    page_type = SECTION_TYPES[section["slug"]]
    if page_type.objects.exists():
        return
    page = page_type(
        title=section["title"],
        slug=section["slug"],
        introduction=section["introduction"],
        search_description=section.get("search_description", ""),
        show_in_menus=section["slug"] != "people",
    )
    _publish(HomePage.objects.get(), page)


def _load_plain_page(data: dict) -> None:
    home = HomePage.objects.get()
    if home.get_children().filter(slug=data["slug"]).exists():
        return
    page = PlainPage(
        title=data["title"],
        slug=data["slug"],
        introduction=data["introduction"],
        search_description=data.get("search_description", ""),
        body=streams.body(data["body"]),
    )
    _publish(home, page)


def _load_package_page(data: dict) -> None:
    package = Package.objects.get(sku=data["sku"])
    if PackagePage.objects.filter(package=package).exists():
        return
    page = PackagePage(
        title=data["name"],
        slug=data["slug"],
        package=package,
        introduction=data["introduction"],
        search_description=data.get("search_description", data["summary"]),
        is_featured=data["featured"],
        picture=demo_image(data["sku"], title=data["name"], description=data["picture_alt"]),
        for_whom=streams.items(data["for_whom"]),
        not_for_whom=streams.items(data["not_for"]),
        cannot_tell=data["cannot_tell"],
        sample_report=streams.stream(_sample_result(row) for row in data["sample_report"]),
        doctor_note=data["doctor_note"],
        questions=streams.questions(data["questions"]),
    )
    PackageIndexPage.objects.get().add_child(instance=page)  # published with its links


def _sample_result(row: dict) -> dict:
    return {
        "type": "result",
        "value": {
            "name": Biomarker.objects.get(key=row["biomarker"]).name,
            "value": row["value"],
            **{place: row.get(place) for place in ("position", "low", "high")},
            "meaning": row.get("meaning", ""),
        },
    }


def _load_article(data: dict) -> None:
    index = ArticleIndexPage.objects.get()
    if index.get_children().filter(slug=data["slug"]).exists():
        return
    page = ArticlePage(
        title=data["title"],
        slug=data["slug"],
        introduction=data["introduction"],
        search_description=data["search_description"],
        picture=demo_image(data["slug"], title=data["title"], description=data["picture_alt"]),
        category=Category.objects.get(slug=data["category"]),
        author=Person.objects.get(slug=data["author"]),
        reviewer=Person.objects.get(slug=data["reviewer"]),
        # The content has fixed dates, which a machine whose clock is behind has not reached.
        last_reviewed=min(data["last_reviewed"], site_today()),
        next_review_due=data["next_review_due"],
        body=streams.body(data["body"]),
        questions=streams.questions(data["questions"]),
        sources=streams.sources(data["sources"]),
    )
    page.tags.add(*data["tags"])
    index.add_child(instance=page)  # published with its links


def _load_faq(data: dict) -> None:
    index = FAQIndexPage.objects.get()
    if index.get_children().filter(slug=data["slug"]).exists():
        return
    page = FAQPage(
        title=data["title"],
        slug=data["slug"],
        introduction=data["introduction"],
        search_description=data["search_description"],
        picture=demo_image(data["slug"], title=data["title"], description=data["picture_alt"]),
        subject=data["subject"],
        body=streams.question_groups(data["groups"], data.get("offer")),
    )
    _publish(index, page)


def _articles_by_slug(slugs: list[str]) -> dict[str, ArticlePage]:
    return {article.slug: article for article in ArticlePage.objects.filter(slug__in=slugs)}


def _load_recommended(data: dict) -> None:
    page = ArticlePage.objects.filter(slug=data["slug"]).first()
    if page is None or page.recommended_links.exists():
        return
    targets = _articles_by_slug(data["recommended"])
    page.recommended_links = [
        RecommendedLink(target=targets[slug], sort_order=order)
        for order, slug in enumerate(data["recommended"])
        if slug in targets
    ]
    page.save_revision().publish()


def _load_related(data: dict) -> None:
    page = PackagePage.objects.filter(package__sku=data["sku"]).first()
    if page is None or page.related_links.exists():
        return
    targets = {
        target.slug: target for target in ArticlePage.objects.filter(slug__in=data["related_articles"])
    }
    page.related_links = [
        RelatedLink(target=targets[slug].page_ptr, sort_order=order)
        for order, slug in enumerate(data["related_articles"])
        if slug in targets
    ]
    page.save_revision().publish()
