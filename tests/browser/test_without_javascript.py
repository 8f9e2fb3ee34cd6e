"""The reader's whole way on a phone that runs no script; and what may go wrong at the payment."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import journey
from tests.browser.conftest import PHONE, Screenshot, new_context
from tests.browser.mails import sent_mails, wait_for_mail
from tests.live_site import LiveSite

pytestmark = pytest.mark.browser

BUYER = "noscript@example.org"


@pytest.fixture
def context(chromium: Browser, live_site: LiveSite) -> Iterator[BrowserContext]:
    """Open a phone's browser with JavaScript off."""
    context = new_context(chromium, live_site, viewport=PHONE, java_script_enabled=False)
    yield context
    context.close()


def test_the_whole_way_by_the_menu(page: Page, live_site: LiveSite, shot: Screenshot):
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Articles").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("underactive")).click()
    package = journey.follow_offer(page)
    question = page.get_by_role("region", name="Questions").locator("details").first
    question.locator("summary").click()
    expect(question.locator("p").first).to_be_visible()
    journey.add_to_basket(page)
    expect(page.get_by_role("main")).to_contain_text(package)
    journey.change_quantity(page, 2)
    journey.change_quantity(page, 1)
    page.get_by_role("button", name="Continue to your details").click()
    journey.fill_details(page, BUYER)
    journey.continue_to_payment(page, live_site)

    page.get_by_role("button", name="Card declined").click()
    expect(page.get_by_role("alert")).to_be_visible()
    journey.pay(page, live_site)

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your payment has arrived.")
    bought = journey.open_order(page)
    expect(page.get_by_text("Your order is paid. We are packing it.")).to_be_visible()
    shot(page, "20-no-script-order")
    wait_for_mail(live_site, f"Payment received for order {bought.code}")
    page.goto("/basket/")
    expect(page.get_by_text("Your basket is empty.")).to_be_visible()


def test_a_bank_payment_is_on_its_way_until_the_money_is_there(
    page: Page, live_site: LiveSite, shot: Screenshot
):
    _to_the_payment_page(page, live_site)
    page.get_by_role("button", name="Delayed bank payment").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Your payment is on its way.")
    expect(page.get_by_role("button", name="Pay now")).to_have_count(0)
    code = journey.order_code(page)
    shot(page, "21-no-script-payment-on-its-way")
    assert not _was_told_of_payment(live_site, code)

    _bank_sends_the_money(live_site, page.url)
    # The page asks again by itself, without a script.
    expect(heading).to_have_text("Thank you. Your payment has arrived.", timeout=20_000)
    wait_for_mail(live_site, f"Payment received for order {code}")


def test_going_back_keeps_the_basket_and_costs_nothing(page: Page, live_site: LiveSite, shot: Screenshot):
    _to_the_payment_page(page, live_site)
    page.get_by_role("link", name="Go back").click()
    expect(page.get_by_role("status")).to_contain_text("You have not paid, and no money was taken.")
    expect(page.get_by_label(re.compile("^People tested"))).to_have_value("1")
    shot(page, "22-no-script-back-in-the-basket")

    page.get_by_role("button", name="Continue to your details").click()
    expect(page.get_by_label("Your full name")).to_have_value("Maria Keller")
    journey.agree(page)
    journey.continue_to_payment(page, live_site)
    journey.pay(page, live_site)
    code = journey.order_code(page)
    wait_for_mail(live_site, f"Payment received for order {code}")
    asked = [mail for mail in sent_mails(live_site) if mail["Subject"] == f"We have your order {code}"]
    assert len(asked) == 1, "who comes back continues the same order"


def _to_the_payment_page(page: Page, site: LiveSite) -> None:
    page.goto("/health-checks/essential-check/")
    journey.add_to_basket(page)
    page.get_by_role("button", name="Continue to your details").click()
    journey.fill_details(page, BUYER)
    journey.continue_to_payment(page, site)


def _bank_sends_the_money(site: LiveSite, return_address: str) -> None:
    [session] = parse_qs(urlsplit(return_address).query)["session_id"]
    request = Request(  # noqa: S310 - the stand-in's own address
        f"{site.standin_url}/_standin/sessions/{session}/settle",
        data=json.dumps({}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - the stand-in's own address
        assert answer.status == 200


def _was_told_of_payment(site: LiveSite, code: str) -> bool:
    return any(mail["Subject"] == f"Payment received for order {code}" for mail in sent_mails(site))
