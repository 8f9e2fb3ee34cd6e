"""Published pages for tests, as an editor would publish them."""

import json
from itertools import count

from wagtail.models import Page, Site

from articles.models import ArticleIndexPage, ArticlePage, Category, FAQIndexPage, FAQPage, Person
from cms.core.models import BasePage
from home.models import HomePage, PlainPage
from shop.catalogue.models import Package, PackageIndexPage, PackagePage

numbers = count(1)


def make_home() -> HomePage:
    """Return the default site's home page; the same one at every call."""
    if home := HomePage.objects.first():
        return home
    home = Page.get_first_root_node().add_child(
        instance=HomePage(title="Checkup", slug=f"home-{next(numbers)}", introduction="Plain words.")
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "testserver", "port": 80, "root_page": home, "site_name": "Checkup"},
    )
    return home


def publish(parent: Page, page: BasePage) -> BasePage:
    """Publish the page through a revision like every other, and return it as readers see it."""
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def make_plain_page(**fields) -> PlainPage:
    number = next(numbers)
    return publish(
        make_home(), PlainPage(**{"title": f"Plain {number}", "slug": f"plain-{number}", **fields})
    )


def make_article(questions: dict[str, str] | None = None, **fields) -> ArticlePage:
    number = next(numbers)
    author = Person.objects.create(name="Ada Author", slug=f"ada-{number}", role="Writer")
    page = ArticlePage(
        **{
            "title": f"Article {number}",
            "slug": f"article-{number}",
            "introduction": "What to know.",
            "author": author,
            "category": Category.objects.get_or_create(name="Symptoms", slug="symptoms")[0],
            "questions": question_stream(questions or {}),
            **fields,
        }
    )
    return publish(_section(ArticleIndexPage, "articles", "Articles"), page)


def make_faq_page(questions: dict[str, str], **fields) -> FAQPage:
    number = next(numbers)
    group = {"title": "Before", "questions": [_item("item", entry) for entry in _entries(questions)]}
    page = FAQPage(
        **{
            "title": f"Questions {number}",
            "slug": f"questions-{number}",
            "subject": "Ordering",
            "body": json.dumps([_item("group", group)]),
            **fields,
        }
    )
    return publish(_section(FAQIndexPage, "questions", "Questions"), page)


def make_package_page(package: Package, **fields) -> PackagePage:
    """Publish the package's page below the home page."""
    PackagePage.objects.get(package=package).delete()
    page = PackagePage(
        **{
            "title": package.name,
            "slug": package.sku.lower(),
            "package": package,
            "introduction": "",
            **fields,
        }
    )
    return publish(_section(PackageIndexPage, "health-checks", "Health checks"), page)


def question_stream(questions: dict[str, str]) -> str:
    return json.dumps([_item("question", entry) for entry in _entries(questions)])


def _entries(questions: dict[str, str]) -> list[dict]:
    return [{"question": question, "answer": answer} for question, answer in questions.items()]


def _item(kind: str, value: object) -> dict:
    return {"type": kind, "value": value, "id": f"00000000-0000-0000-0000-{next(numbers):012d}"}


def _section(page_type: type[BasePage], slug: str, title: str) -> BasePage:
    if page := page_type.objects.first():
        if not page.is_descendant_of(make_home()):
            page.move(make_home(), pos="last-child")
        return page_type.objects.get(pk=page.pk)
    return publish(make_home(), page_type(title=title, slug=slug, show_in_menus=True))
