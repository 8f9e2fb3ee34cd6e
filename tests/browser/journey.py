"""What a reader does, step by step, as somebody who sees the page would: by its words, not by its markup."""

import re
from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.live_site import LiveSite

ORDER_CODE = re.compile(r"Order (\S+)")
DEMO_PASSWORD = "checkup-demo-2026"
GROWN_UP = ("27", "3", "1984")


@dataclass(frozen=True)
class Bought:
    """A paid order as its buyer knows it."""

    code: str
    address: str


def under_age() -> tuple[str, str, str]:
    """Return the day, month and year of birth of somebody who is seventeen."""
    return ("1", "1", str(timezone.localdate().year - 17))


def follow_offer(page: Page) -> str:
    """Go from an article to the package that it offers, and return the package's name."""
    offer = page.get_by_role("complementary", name="A health check that fits this topic").first
    name = offer.get_by_role("heading").inner_text()
    offer.get_by_role("link", name="See what is included").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return name


def add_to_basket(page: Page, people: int = 1) -> None:
    """Put the package of this page into the basket."""
    page.get_by_label("People tested").first.select_option(str(people))
    page.get_by_role("button", name="Add to basket").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your basket")


def change_quantity(page: Page, people: int) -> None:
    """Change the basket's only line."""
    page.get_by_label(re.compile("^People tested")).select_option(str(people))
    page.get_by_role("button", name=re.compile("^Change")).click()
    expect(page.get_by_role("status")).to_contain_text("The number of people has been changed.")


def person(page: Page, number: int) -> Locator:
    """Return the part of the details page about one tested person, counted from 1."""
    return page.get_by_role("region", name=re.compile("^Who is tested")).nth(number - 1)


def fill_person(part: Locator, born: tuple[str, str, str], sex: str = "Female") -> None:
    """Fill in one person; the name is asked for only where it is not the buyer's."""
    for label, value in zip(("Day", "Month", "Year"), born, strict=True):
        part.get_by_label(label, exact=True).fill(value)
    part.get_by_label(sex, exact=True).check()


def fill_buyer(page: Page, email: str) -> None:
    """Fill in who buys and where the kit goes."""
    page.get_by_label("Your full name").fill("Maria Keller")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Street and house number").fill("12 Linden Street")
    page.get_by_label("Town or city").fill("Boston")
    page.get_by_label("State or region").fill("Massachusetts")
    page.get_by_label("Postal code").fill("02108")
    page.get_by_label("Country", exact=True).select_option("US")


def agree(page: Page) -> None:
    """Tick every consent."""
    for box in page.get_by_role("region", name="What you agree to").get_by_role("checkbox").all():
        box.check()


def fill_details(page: Page, email: str) -> None:
    """Fill in the whole details page for a buyer who is the one person tested."""
    fill_buyer(page, email)
    page.get_by_label("I am this person: use my name from above").check()
    fill_person(person(page, 1), GROWN_UP)
    agree(page)


def continue_to_payment(page: Page, site: LiveSite) -> None:
    """Send the details and wait for the payment page."""
    page.get_by_role("button", name="Continue to payment").click()
    page.wait_for_url(f"{site.standin_url}/pay/*")


def look_over_and_pay(page: Page, site: LiveSite, shows: str) -> None:
    """Send the details of more than one kit, see who takes what, and go on to the payment page."""
    page.get_by_role("button", name="Continue to the last look").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please check who takes what")
    expect(page.get_by_role("main")).to_contain_text(shows)
    page.get_by_role("button", name=re.compile(r"^Pay \$")).click()
    page.wait_for_url(f"{site.standin_url}/pay/*")


def pay(page: Page, site: LiveSite) -> None:
    """Pay on the payment page and come back."""
    page.get_by_role("button", name="Pay now").click()
    page.wait_for_url(f"{site.url}/checkout/return/*")


def order_code(page: Page) -> str:
    """Return the order's code from a page that shows it above its heading."""
    found = ORDER_CODE.search(page.locator("main").inner_text())
    assert found, "no order code on the page"
    return found[1]


def open_order(page: Page) -> Bought:
    """Go from the return page to the order's own page, and return the order."""
    code = order_code(page)
    page.get_by_role("link", name="Go to your order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Order {code}")
    return Bought(code, page.url)


def buy(page: Page, site: LiveSite, email: str) -> Bought:
    """Go from an article to a paid order, without a detour, and return the order."""
    page.goto("/articles/always-tired/")
    follow_offer(page)
    add_to_basket(page)
    page.get_by_role("button", name="Continue to your details").click()
    fill_details(page, email)
    continue_to_payment(page, site)
    pay(page, site)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your payment has arrived")
    return open_order(page)


def log_in(page: Page, name: str) -> None:
    """Log one of the demo accounts in to the admin."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
