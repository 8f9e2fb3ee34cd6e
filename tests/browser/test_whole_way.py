"""The main job, walked as people walk it: a reader from an article to a paid order, staff to its dispatch."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser import journey
from tests.browser.conftest import DESKTOP, PHONE, Screenshot, new_context
from tests.browser.mails import html_of, sent_mails, text_of, wait_for_mail
from tests.live_site import LiveSite

pytestmark = pytest.mark.browser

BUYER = "maria.keller@example.org"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> ViewportSize:
    """Return the window of this walk."""
    return request.param


@pytest.fixture
def context(chromium: Browser, live_site: LiveSite, size: ViewportSize) -> Iterator[BrowserContext]:
    """Open the context of a reader with this window who was never here."""
    context = new_context(chromium, live_site, viewport=size)
    yield context
    context.close()


@pytest.fixture
def staff_page(chromium: Browser, live_site: LiveSite, size: ViewportSize) -> Iterator[Page]:
    """Somebody else's browser, with the same window."""
    context = new_context(chromium, live_site, viewport=size)
    yield context.new_page()
    context.close()


def test_from_an_article_to_a_dispatched_order(
    page: Page, staff_page: Page, live_site: LiveSite, shot: Screenshot
):
    package = _reader_finds_the_package(page, shot)
    bought = _reader_buys(page, live_site, shot)
    _mails_of_a_paid_order_have_left(live_site, bought, package)
    journey.log_in(staff_page, "staff")
    _staff_find_the_order(staff_page, bought, package, shot)
    _staff_dispatch(staff_page, bought, shot)
    _the_customer_learns_of_the_parcel(page, live_site, bought, shot)
    _the_outbox_shows_every_mail(staff_page, bought, shot)


@pytest.mark.parametrize("size", [DESKTOP], indirect=True, ids=["desktop"])
def test_an_editor_writes_but_opens_no_order(
    page: Page, staff_page: Page, live_site: LiveSite, shot: Screenshot
):
    bought = journey.buy(page, live_site, BUYER)
    order_screen = admin_path(wait_for_mail(live_site, f"New paid order {bought.code}"))
    journey.log_in(staff_page, "editor")
    expect(staff_page.get_by_role("link", name="Orders")).to_have_count(0)
    assert "/admin/orders/" not in staff_page.content()
    for address in ("/admin/orders/", order_screen, "/admin/outbox/"):
        staff_page.goto(address)
        expect(staff_page.get_by_text(bought.code)).to_have_count(0)
        assert staff_page.url.rstrip("/").endswith("/admin"), f"an editor was let into {address}"
    _editor_sees_the_preview(staff_page, shot)


def _reader_finds_the_package(page: Page, shot: Screenshot) -> str:
    page.goto("/")
    shot(page, "01-home")
    newest = page.get_by_role("region", name="New to read").get_by_role("article").first
    newest.get_by_role("link").first.click()
    page.get_by_role("navigation", name="Breadcrumb").wait_for()
    shot(page, "02-article")
    package = journey.follow_offer(page)
    shot(page, "03-package")
    return package


def _reader_buys(page: Page, site: LiveSite, shot: Screenshot) -> journey.Bought:
    journey.add_to_basket(page)
    shot(page, "04-basket")
    journey.change_quantity(page, 2)
    shot(page, "05-basket-for-two")
    page.get_by_role("button", name="Continue to your details").click()
    shot(page, "06-details")
    _reader_makes_mistakes_and_loses_nothing(page, shot)
    journey.person(page, 2).get_by_label("Year").fill("1990")
    page.get_by_label("Town or city").fill("Boston")
    journey.look_over_and_pay(page, site, shows="born 27 March 1984")
    shot(page, "08-payment")
    journey.pay(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your payment has arrived.")
    shot(page, "09-return")
    bought = journey.open_order(page)
    expect(page.get_by_text("Your order is paid. We are packing it.")).to_be_visible()
    shot(page, "10-order-paid")
    return bought


def _reader_makes_mistakes_and_loses_nothing(page: Page, shot: Screenshot) -> None:
    """Two people, one of them seventeen, and no town."""
    journey.fill_buyer(page, BUYER)
    page.get_by_label("Town or city").fill("")
    page.get_by_label("I am this person: use my name from above").check()
    journey.fill_person(journey.person(page, 1), journey.GROWN_UP)
    second = journey.person(page, 2)
    second.get_by_label("Full name").fill("Jonas Keller")
    journey.fill_person(second, journey.under_age(), "Male")
    journey.agree(page)
    page.get_by_role("button", name="Continue to the last look").click()

    summary = page.get_by_role("alert").filter(has_text="Please check these answers")
    expect(summary.get_by_role("link")).to_have_count(2)
    shot(page, "07-details-with-errors")
    expect(page.get_by_role("group", name="Date of birth").nth(1)).to_contain_text("aged 18 or older")
    expect(page.get_by_label("Town or city")).to_have_accessible_description(
        re.compile("Enter the town or city")
    )
    summary.get_by_role("link", name="Enter the town or city").click()
    expect(page.get_by_label("Town or city")).to_be_focused()

    expect(page.get_by_label("Your full name")).to_have_value("Maria Keller")
    expect(page.get_by_label("E-mail address")).to_have_value(BUYER)
    expect(second.get_by_label("Full name")).to_have_value("Jonas Keller")
    expect(second.get_by_label("Day")).to_have_value(journey.under_age()[0])
    expect(second.get_by_label("Male", exact=True)).to_be_checked()
    for box in page.get_by_role("checkbox").all():
        expect(box).to_be_checked()


def _mails_of_a_paid_order_have_left(site: LiveSite, bought: journey.Bought, package: str) -> None:
    received = wait_for_mail(site, f"We have your order {bought.code}")
    paid = wait_for_mail(site, f"Payment received for order {bought.code}")
    for mail in (received, paid):
        assert mail["To"] == BUYER
        assert bought.address in text_of(mail)
        assert bought.address in html_of(mail)
    told = wait_for_mail(site, f"New paid order {bought.code}")
    assert told["To"] != BUYER
    assert admin_path(told)
    for mail in (received, paid, told):
        assert package not in mail["Subject"]
        assert package not in text_of(mail)


def _staff_find_the_order(page: Page, bought: journey.Bought, package: str, shot: Screenshot) -> None:
    waiting = page.get_by_role("link", name=re.compile(r"paid orders? to dispatch"))
    shot(page, "11-admin-dashboard")
    waiting.click()
    expect(page.get_by_role("link", name=bought.code)).to_be_visible()
    shot(page, "12-order-list")
    page.goto("/admin/orders/?status=dispatched")
    expect(page.get_by_role("link", name=bought.code)).to_have_count(0)
    page.goto("/admin/orders/")
    search = page.get_by_placeholder("Search").first
    search.fill(bought.code.lower())
    search.press("Enter")
    expect(page.locator("main table tbody tr")).to_have_count(1)
    page.get_by_role("link", name=bought.code).click()
    lines = page.get_by_role("region", name="Lines")
    expect(lines).to_contain_text(package)
    expect(page.get_by_role("cell", name="Jonas Keller")).to_be_visible()
    shot(page, "13-order-screen")


def _staff_dispatch(page: Page, bought: journey.Bought, shot: Screenshot) -> None:
    page.get_by_label("Carrier").fill("DHL")
    page.get_by_label("Tracking number").fill("JD014600003")
    page.get_by_role("button", name="Dispatch and tell the customer").click()
    expect(page.get_by_text(f"Order {bought.code} is dispatched. The customer gets a mail.")).to_be_visible()
    expect(page.get_by_role("button", name="Dispatch and tell the customer")).to_have_count(0)
    shot(page, "14-order-dispatched")


def _the_customer_learns_of_the_parcel(
    page: Page, site: LiveSite, bought: journey.Bought, shot: Screenshot
) -> None:
    mail = wait_for_mail(site, f"Your order {bought.code} is on its way")
    assert mail["To"] == BUYER
    assert "JD014600003" in text_of(mail)
    assert "JD014600003" in html_of(mail)
    page.reload()
    expect(page.get_by_text("Your order is on its way.")).to_be_visible()
    expect(page.get_by_text("JD014600003")).to_be_visible()
    shot(page, "15-order-on-its-way")
    subjects = [mail["Subject"] for mail in sent_mails(site) if bought.code in mail["Subject"]]
    assert len(subjects) == len(set(subjects)) == 4, "each mail leaves once"


def _the_outbox_shows_every_mail(page: Page, bought: journey.Bought, shot: Screenshot) -> None:
    page.goto(f"/admin/outbox/?q={bought.code}")
    expect(page.locator("main table tbody tr")).to_have_count(4)
    shot(page, "16-outbox")
    page.get_by_role("link", name=re.compile("is on its way")).first.click()
    expect(page.locator("iframe").content_frame.get_by_role("link").first).to_be_visible()
    shot(page, "17-mail")


def _editor_sees_the_preview(page: Page, shot: Screenshot) -> None:
    page.goto("/admin/pages/search/?q=underactive+thyroid")
    page.get_by_role("link", name=re.compile("Signs of an underactive thyroid")).first.click()
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("#w-preview-iframe")
    expect(preview.get_by_role("heading", level=1)).to_contain_text("Signs of an underactive thyroid")
    shot(page, "18-editor-with-preview")


def admin_path(mail: EmailMessage) -> str:
    """Return the path of the order's screen that a mail to staff leads to."""
    found = re.search(r"/admin/orders/inspect/\d+/", text_of(mail))
    assert found, "the mail to staff leads nowhere"
    return found[0]
