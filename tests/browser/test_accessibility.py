"""axe finds nothing on any page type, light, dark and narrow; a keyboard reaches and shows what matters."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser import journey
from tests.browser.conftest import DESKTOP, PHONE, new_context
from tests.browser.places import MISSING, PAGE_TYPES
from tests.live_site import LiveSite

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
NARROW: ViewportSize = {"width": 320, "height": 640}
MOST_TABS = 80

# The focused element, whether it can be seen and whether a ring of at least two pixels shows it.
FOCUS = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const inView = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    words: (element.innerText || element.getAttribute("aria-label") || element.id || element.tagName).trim(),
    isShown: inView && (ring || style.boxShadow !== "none"),
    isInMain: document.querySelector("main").contains(element),
    isDocument: element === document.body,
  };
}"""


@dataclass(frozen=True)
class Customer:
    """Somebody who has paid and has put something into the basket again."""

    cookies: list
    return_address: str
    order_address: str


@pytest.fixture(scope="module")
def customer(chromium: Browser, live_site: LiveSite) -> Customer:
    context = new_context(chromium, live_site, viewport=DESKTOP)
    page = context.new_page()
    answers: list[str] = []
    page.on("framenavigated", lambda frame: answers.append(frame.url))
    bought = journey.buy(page, live_site, "axe@example.org")
    [return_address] = [address for address in answers if "/checkout/return/" in address]
    page.goto("/health-checks/thyroid/")
    journey.add_to_basket(page, people=2)
    customer = Customer(context.cookies(), return_address, bought.address)
    context.close()
    return customer


@pytest.fixture
def context(chromium: Browser, live_site: LiveSite) -> Iterator[BrowserContext]:
    """Open the context of a reader for whom nothing moves, so that no colour is met halfway."""
    context = new_context(chromium, live_site, viewport=DESKTOP, reduced_motion="reduce")
    yield context
    context.close()


@pytest.mark.parametrize("address", PAGE_TYPES.values(), ids=PAGE_TYPES)
def test_a_public_page_is_accessible(page: Page, address: str):
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok
    _is_accessible(page)


def test_a_missing_page_is_accessible(page: Page):
    answer = page.goto(MISSING)
    assert answer is not None
    assert answer.status == 404
    assert page.get_by_role("heading", name="This page is not here").is_visible()
    _is_accessible(page)


@pytest.mark.parametrize("place", ["basket", "details", "return", "order"])
def test_a_page_of_the_purchase_is_accessible(page: Page, customer: Customer, place: str):
    page.context.add_cookies(customer.cookies)
    page.goto(
        {
            "basket": "/basket/",
            "details": "/checkout/",
            "return": customer.return_address,
            "order": customer.order_address,
        }[place]
    )
    _is_accessible(page)


def test_what_a_found_link_shows_is_accessible(page: Page, customer: Customer):
    page.goto(customer.order_address)
    expect(page.get_by_role("heading", name="Is this your order?")).to_be_visible()
    _is_accessible(page)


def test_the_page_that_finds_an_order_is_accessible(page: Page):
    page.goto("/orders/find/")
    expect(page.get_by_role("button", name="Send me the link")).to_be_visible()
    _is_accessible(page)


def test_the_details_with_errors_are_accessible(page: Page, customer: Customer):
    page.context.add_cookies(customer.cookies)
    page.goto("/checkout/")
    page.get_by_role("button", name="Continue to the last look").click()
    expect(page.get_by_role("alert")).to_be_focused()
    _is_accessible(page)


def test_who_takes_what_is_asked_and_shown_accessibly(page: Page):
    for check in ("womens-hormones", "mens-hormones"):
        page.goto(f"/health-checks/{check}/")
        journey.add_to_basket(page)
    page.get_by_role("button", name="Continue to your details").click()
    journey.fill_buyer(page, "axe@example.org")
    for number, sex in ((1, "Female"), (2, "Male")):
        part = journey.person(page, number)
        part.get_by_label("Full name").fill(f"Person {number}")
        journey.fill_person(part, journey.GROWN_UP, sex)
        part.get_by_label("(for women)" if sex == "Female" else "(for men)").check()
    journey.agree(page)
    _is_accessible(page)
    page.get_by_role("button", name="Continue to the last look").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please check who takes what")
    _is_accessible(page)


def test_the_open_menu_of_a_phone_is_accessible(page: Page):
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    _finds_nothing(page, "with its menu open")


def test_the_skip_link_is_first_and_leads_to_the_content(page: Page):
    page.goto("/articles/always-tired/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["isInMain"]


def test_a_keyboard_follows_the_offer_and_buys(page: Page):
    page.goto("/articles/always-tired/")
    _tab_to(page, "See what is included")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add to basket").first).to_be_visible()
    _tab_to(page, "Add to basket")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your basket")


def _is_accessible(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        _finds_nothing(page, scheme)
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"], f"{page.url} scrolls sideways: {width} pixels"
    _finds_nothing(page, "dark and narrow")


def _finds_nothing(page: Page, state: str) -> None:
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, f"{page.url}, {state}:\n{results.generate_report()}"


def _tab_to(page: Page, words: str) -> None:
    """Tabs until these words have the focus; every stop on the way must show where it is."""
    # A focus looks otherwise for as long as the stylesheet is under way.
    page.wait_for_load_state()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        # A busy machine may draw the ring some frames later: a person sees frames too.
        page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        focus = page.evaluate(FOCUS)
        assert focus["isShown"], f"the focus cannot be seen on “{focus['words']}”"
        if words in focus["words"]:
            return
    pytest.fail(f"“{words}” was not reached within {MOST_TABS} tabs")
