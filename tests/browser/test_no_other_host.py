"""Pages ask no other host, set no reader a cookie, complain of nothing, are small and stand still."""

import gzip
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize

from tests.browser import journey
from tests.browser.conftest import DESKTOP, PHONE, new_context
from tests.browser.places import PAGE_TYPES
from tests.live_site import LiveSite

pytestmark = pytest.mark.browser

MOST_SHIFT = 0.01
MOST_BYTES = 45 * 1024
PAGES_THAT_STAND_STILL = [
    "/",
    "/articles/always-tired/",
    "/questions/before-you-buy/",
    "/health-checks/essential-check/",
    "/basket/",
]

WATCH_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(entry => ({
    value: entry.value,
    elements: entry.sources.map(source => source.node?.className || source.node?.nodeName),
  })))).observe({type: "layout-shift", buffered: true});
"""
# A screen at a time, as a thumb does, so that pictures below the fold arrive while they are looked for.
SCROLL_TO_THE_END = """async () => {
  for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
    scrollTo(0, top);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  await Promise.all([...document.images].map(image => image.complete || image.decode().catch(() => null)));
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@dataclass
class Watch:
    """What a tab asked for and complained about."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    fetched: list[tuple[str, str]] = field(default_factory=list)
    """From which host's page, from which host."""
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._record)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _record(self, request: Request) -> None:
        self.requests.append(request)
        # What a page fetches for itself, rather than where a click leads.
        if not request.is_navigation_request():
            self.fetched.append((urlsplit(request.frame.url).netloc, urlsplit(request.url).netloc))

    def _note(self, message: ConsoleMessage) -> None:
        # A broken security policy is told here too, as an error.
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    @property
    def hosts(self) -> set[str]:
        """Every host that was asked; what a page carries inside itself has none."""
        return {urlsplit(request.url).netloc for request in self.requests} - {""}


def test_reading_asks_no_other_host_and_sets_no_cookie(page: Page, live_site: LiveSite):
    watch = Watch(page)
    for address in _every_public_address(page):
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        page.evaluate(SCROLL_TO_THE_END)
    assert watch.hosts == {urlsplit(live_site.url).netloc}
    assert watch.complaints == []
    assert page.context.cookies() == []


def test_buying_asks_no_host_but_the_payment_page(page: Page, live_site: LiveSite):
    watch = Watch(page)
    journey.buy(page, live_site, "alone@example.org")
    own, standin = urlsplit(live_site.url).netloc, urlsplit(live_site.standin_url).netloc
    assert watch.hosts == {own, standin}
    assert {asked for asker, asked in watch.fetched if asker == own} == {own}
    assert watch.complaints == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_while_a_page_loads(chromium: Browser, live_site: LiveSite, size: ViewportSize):
    context = new_context(chromium, live_site, viewport=size)
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    page.goto("/health-checks/thyroid/")
    journey.add_to_basket(page)
    for address in PAGES_THAT_STAND_STILL:
        page.goto(address)
        page.evaluate(SCROLL_TO_THE_END)
        shifts = page.evaluate("window.shifts")
        assert sum(shift["value"] for shift in shifts) < MOST_SHIFT, (address, shifts)
    context.close()


@pytest.mark.parametrize("address", PAGE_TYPES.values(), ids=PAGE_TYPES)
def test_a_page_is_small_besides_its_pictures(page: Page, address: str):
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # The development server sends static files as they are; every other one sends them compressed.
    sizes = {
        answer.url: len(gzip.compress(answer.body()))
        for answer in answers
        if answer.request.resource_type in ("document", "stylesheet", "script", "fetch", "xhr", "font")
    }
    assert len(sizes) >= 3, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_on_paper_only_what_is_worth_the_ink(page: Page):
    page.goto("/articles/always-tired/")
    page.emulate_media(media="print")
    for selector in (".menu", ".basket-link", ".menu-button", ".offer .button", ".share", ".contents-list"):
        assert page.locator(selector).count() > 0, selector
        assert not any(element.is_visible() for element in page.locator(selector).all()), selector
    assert page.locator("article p").first.is_visible()
    # A closed answer is an answer too.
    answers = page.locator("details").all()
    assert answers
    assert all(answer.locator("p").first.is_visible() for answer in answers), (
        "a closed answer is an answer too"
    )


def _every_public_address(page: Page) -> list[str]:
    """All pages of the site map, and what is no page of its own."""
    sitemap = page.request.get("/sitemap.xml").text()
    addresses = [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", sitemap)]
    assert len(addresses) > len(PAGE_TYPES), "the site map does not know the demo content"
    return [*addresses, *(address for address in PAGE_TYPES.values() if address not in addresses)]
