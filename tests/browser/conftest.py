"""Chromium, as a reader's machine would have it but without its own traffic."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.live_site import LiveSite

ARGUMENTS = [
    "--no-sandbox",  # root on a build machine has no user namespace to give
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1360, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

# At first the worker makes all sizes of the demo's pictures, on cores that other tests use too.
TIMEOUT_SECONDS = 45

Screenshot = Callable[[Page, str], None]


def new_context(chromium: Browser, site: LiveSite, **options: Any) -> BrowserContext:
    """Return the context of somebody who was never here: no cookies, addresses relative to the site."""
    context = chromium.new_context(base_url=site.url, **options)
    context.set_default_timeout(TIMEOUT_SECONDS * 1000)
    return context


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """Start the browser once."""
    # Playwright keeps an event loop in this thread, at which Django would refuse every later test's queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_site: LiveSite) -> Iterator[BrowserContext]:
    """Open the context of a reader who was never here: no cookies, a desktop's window."""
    context = new_context(chromium, live_site, viewport=DESKTOP)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Open the reader's first tab."""
    return context.new_page()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for pictures of the pages: the one that SCREENSHOTS names, or a temporary one."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def shot(screenshots: Path) -> Screenshot:
    """Return a function that takes a picture of the whole page, named with the width of the window."""

    def take(page: Page, name: str) -> None:
        # A picture below the fold is fetched when somebody scrolls near it.
        page.evaluate(
            "document.querySelectorAll('img[loading=lazy]').forEach(image => image.loading = 'eager')"
        )
        page.wait_for_load_state("networkidle")
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=screenshots / f"{name}-{width}.png", full_page=True)

    return take
