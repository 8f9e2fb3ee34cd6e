"""Nothing scrolls a phone sideways: long words, large text, wide tables, text from right to left."""

import json

import pytest
from playwright.sync_api import Page

from tests.browser import journey
from tests.browser.conftest import PHONE
from tests.browser.places import MISSING, PAGE_TYPES
from tests.live_site import LiveSite
from tests.services import wait_until

pytestmark = pytest.mark.browser

# Width, and the size of the text.
PHONES = [(390, "100%"), (320, "100%"), (390, "200%")]

LENGTHEN = """() => {
  const word = "Pneumonoultramicroscopicsilicovolcanoconiosisdiagnosegeraete ";
  const address = "https://example.org/a-very-long-address/without/any-space/01234567890123456789012345 ";
  const fixed = "script, svg, option, .visually-hidden, .price, table";
  for (const details of document.querySelectorAll("details")) details.open = true;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) found.push(texts.currentNode);
  for (const [position, text] of found.entries()) {
    if (!text.data.trim() || text.parentElement.closest(fixed)) continue;
    text.data = (position % 3 ? word : address) + text.data;
  }
}"""
SIDEWAYS = """([width, size]) => {
  document.documentElement.style.fontSize = size;
  const { scrollWidth, clientWidth } = document.scrollingElement;
  return scrollWidth - clientWidth;
}"""

# Columns in which a word stands letter below letter, because its neighbour took all of the width.
CRUSHED = """() => [...document.querySelectorAll("body :not(svg *, .visually-hidden)")].filter((element) => {
  const style = getComputedStyle(element);
  const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 9);
  return isText && style.display !== "inline" && element.clientWidth < parseFloat(style.fontSize) * 1.5;
}).filter((element) => element.clientWidth).map((element) => element.outerHTML)"""
# How far from the right edge of its element a text ends, in pixels.
FROM_THE_RIGHT = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return element.getBoundingClientRect().right - range.getBoundingClientRect().right;
}"""


def assert_stands_still(page: Page) -> None:
    page.wait_for_load_state()  # with its style sheet
    for lengthen in (False, True):
        if lengthen:
            page.evaluate(LENGTHEN)
        for width, size in PHONES:
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert page.evaluate(SIDEWAYS, [width, size]) <= 0, (page.url, width, size, lengthen)
            assert page.evaluate(CRUSHED) == [], (page.url, width, size, lengthen)


def test_no_public_page_scrolls_sideways(page: Page):
    for address in (*PAGE_TYPES.values(), MISSING, "/search/?q=overdose", "/orders/find/"):
        page.goto(address)
        assert_stands_still(page)


def test_no_page_of_a_purchase_scrolls_sideways(page: Page, live_site: LiveSite):
    page.goto("/health-checks/thyroid/")
    journey.add_to_basket(page)
    assert_stands_still(page)
    page.goto("/checkout/")
    page.get_by_role("button", name="Continue to payment").click()  # with every error beside its field
    assert_stands_still(page)
    page.set_viewport_size(PHONE)
    page.goto("/checkout/")
    journey.fill_details(page, f"{'a' * 50}@{'b' * 60}.example.org")
    journey.continue_to_payment(page, live_site)
    journey.pay(page, live_site)
    assert_stands_still(page)
    page.reload()
    journey.open_order(page)
    assert_stands_still(page)


def test_a_wide_table_scrolls_in_its_own_named_place_and_shows_that_it_does(page: Page, live_site: LiveSite):
    columns = [{"type": "text", "heading": f"Column {number}"} for number in range(6)]
    table = {"caption": "Wide", "columns": columns, "rows": [{"values": ["Ferritin"] * 6}]}
    arabic = "نقص الحديد"
    body = [
        {"type": "table", "value": table},
        {"type": "text", "value": f"<p>{arabic}</p><ul><li>{arabic}</li></ul>"},
        {"type": "text", "value": f"<p>Iron</p><p>{arabic}</p><ul><li>{arabic}</li></ul>"},
    ]
    live_site.run(
        f"""
from home.models import HomePage, PlainPage
page = PlainPage(title="{arabic}", slug="wide-table", body={json.dumps(json.dumps(body))})
HomePage.objects.get().add_child(instance=page)
"""
    )
    page.set_viewport_size(PHONE)
    page.goto("/wide-table/")
    assert page.evaluate(SIDEWAYS, [390, "100%"]) <= 0
    region = page.get_by_role("region", name="Wide")
    region.focus()
    assert region.evaluate("element => element.scrollWidth > element.clientWidth")
    assert "gradient" in region.evaluate("element => getComputedStyle(element).backgroundImage")
    page.keyboard.press("ArrowRight")
    wait_until(lambda: region.evaluate("element => element.scrollLeft") > 0, what="the keys to scroll it")
    for place in ("main h1", "main .rich-text"):
        assert page.locator(place).first.evaluate("element => getComputedStyle(element).direction") == "rtl"
    mixed = page.locator("main .rich-text").last
    assert mixed.locator("p").first.evaluate(FROM_THE_RIGHT) > 100
    assert mixed.locator("p").last.evaluate(FROM_THE_RIGHT) < 1
    assert mixed.locator("li").evaluate(FROM_THE_RIGHT) > 100  # beside its mark
