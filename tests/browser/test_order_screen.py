"""The order's screen, as full as it gets: no icon lies on words or a table, and nothing is cut unseen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import journey
from tests.browser.conftest import DESKTOP, PHONE, Screenshot, new_context
from tests.browser.mails import wait_for_mail
from tests.browser.test_whole_way import admin_path
from tests.live_site import LiveSite
from tests.services import wait_until

pytestmark = pytest.mark.browser

# What each icon that is seen overlaps: a table that it is no part of, or a line of text.
# Half a pixel is rounding.
OVERLAPS = """() => {
  const main = document.querySelector("main");
  const isSeen = box => box.width > 1 && box.height > 1;
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
  const things = [...main.querySelectorAll("table")]
    .map(table => ({ node: table, name: "a table", boxes: [table.getBoundingClientRect()] }));
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.trim() || text.parentElement.closest("table, svg, option, .w-sr-only")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    things.push({ node: text, name: text.data.trim(), boxes: [...range.getClientRects()].filter(isSeen) });
  }
  const found = [];
  for (const icon of main.querySelectorAll("svg.icon")) {
    const box = icon.getBoundingClientRect();
    const style = getComputedStyle(icon);
    if (!isSeen(box) || style.visibility !== "visible" || style.opacity === "0") continue;
    for (const { node, name, boxes } of things) {
      if (node.contains(icon) || !boxes.some(other => meet(box, other))) continue;
      found.push(`${icon.classList[1]}: ${name}`);
    }
  }
  return found;
}"""
ICONS = """() => [...document.querySelectorAll("main svg.icon")]
  .filter(icon => icon.getBoundingClientRect().width)
  .length"""
# What sticks out of a title or of the page's part that does not scroll sideways.
CUT = """() => [...document.querySelectorAll("main, .w-breadcrumbs, .w-panel__header")]
  .filter(part => part.scrollWidth > part.clientWidth)
  .map(part => part.className)"""
UNSEEN = """() => [...document.querySelectorAll("main table")]
  .filter(table => table.scrollWidth > table.clientWidth)
  .filter(table => !getComputedStyle(table).backgroundImage.includes("radial-gradient"))
  .map(table => table.innerText)"""


@pytest.fixture
def screen(chromium: Browser, live_site: LiveSite, page: Page) -> Iterator[Page]:
    """Open a paid order with a dispute on the staff's screen: with a hold, a case, and every panel."""
    bought = journey.buy(page, live_site, "screen.buyer@example.org")
    sessions = f"{live_site.standin_url}/_standin/sessions"
    newest = page.request.get(sessions).json()[0]
    assert page.request.post(f"{sessions}/{newest['id']}/dispute", data={}).ok
    mail = wait_for_mail(live_site, f"New paid order {bought.code}")
    context = new_context(chromium, live_site, viewport=DESKTOP)
    staff = context.new_page()
    journey.log_in(staff, "staff")
    held = staff.get_by_role("heading", name="This order must not leave")

    def is_held() -> bool:
        staff.goto(admin_path(mail))
        return held.is_visible()

    wait_until(is_held, what="the dispute to hold the order")
    yield staff
    context.close()


def test_no_icon_lies_on_a_table_or_on_words(screen: Page, shot: Screenshot):
    # How far an icon is moved to lie on something: the control that the look finds it.
    for size, away in ((DESKTOP, "-8rem"), (PHONE, "2rem")):
        screen.set_viewport_size(size)
        screen.reload()
        assert screen.evaluate(ICONS) > 8
        assert screen.evaluate(OVERLAPS) == []
        assert screen.evaluate(CUT) == []
        assert screen.evaluate(UNSEEN) == []
        shot(screen, "order-screen-held")
        screen.add_style_tag(content=f".w-panel__header .icon {{ translate: {away} 0 }}")
        assert screen.evaluate(OVERLAPS), size
    screen.goto(screen.url.replace("inspect", "refund"))
    assert screen.evaluate(CUT) == [], "a title that is longer than a phone is wide"
