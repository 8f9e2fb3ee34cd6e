"""An editor words a mail: what cannot be used is marked while it is typed, and no older mail stands there."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journey
from tests.browser.conftest import DESKTOP, Screenshot, new_context
from tests.live_site import LiveSite

pytestmark = pytest.mark.browser

REFUSAL = "{nobody} is not offered by this mail. Use one of the names beside the form."


@pytest.fixture
def editor(chromium: Browser, live_site: LiveSite):
    """Open the screen of a mail's wording in an editor's browser."""
    context = new_context(chromium, live_site, viewport=DESKTOP)
    page = context.new_page()
    journey.log_in(page, "editor")
    page.goto("/admin/mail-texts/order_paid/")
    yield page
    context.close()


def test_the_preview_marks_what_cannot_be_used_until_it_is_right(editor: Page, shot: Screenshot):
    subject, heading = editor.get_by_label("Subject"), editor.get_by_label("Heading")
    mail = editor.locator("#preview-mail")
    expect(mail).to_be_visible()

    heading.fill("For {nobody}")

    expect(heading).to_have_attribute("aria-invalid", "true")
    expect(heading).to_have_accessible_description(REFUSAL)
    expect(editor.get_by_text(REFUSAL)).to_be_visible()
    expect(mail).to_be_hidden()
    expect(subject).not_to_have_attribute("aria-invalid", "true")
    shot(editor, "mail-wording-refused")

    heading.fill("For {buyer_name}")

    expect(mail).to_be_visible()
    expect(editor.get_by_text(REFUSAL)).to_have_count(0)
    expect(heading).not_to_have_attribute("aria-invalid", "true")
    expect(editor.locator("#preview-text")).to_contain_text("For Alex Example")


def test_what_the_server_has_marked_is_taken_back_once_it_is_right(editor: Page):
    editor.get_by_label("Heading").fill("For {nobody}")
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_text("Nothing is saved: please correct the marked fields.")).to_be_visible()
    expect(editor.get_by_text(REFUSAL)).to_have_count(1)

    editor.get_by_label("Heading").fill("For you")

    expect(editor.get_by_text(REFUSAL)).to_have_count(0)
    expect(editor.locator("#preview-mail")).to_be_visible()
