"""What buyers do, from the package's page to the payment and after it; each behaviour is a function."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests

from tools.torture.browser import Browser, GaveUp, Progress, filled_form

MAX_BUYERS_AT_ONCE = 6
MAX_BASKETS_A_BUYER = 3  # somebody without a response begins anew this often, then gives up
BANK_SECONDS = (0.5, 6.0)


@dataclass(frozen=True)
class Purchase:
    """One buyer with a behaviour and a place to buy at."""

    number: int
    behaviour: str
    package_path: str
    sku: str
    seed: int


@dataclass
class Tally:
    """What became of the buyers."""

    purchases: Counter[str] = field(default_factory=Counter)
    baskets: int = 0
    retries: int = 0
    gave_up: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Buyer:
    """A buyer who stands at the payment page."""

    browser: Browser
    standin_url: str
    payment_url: str
    generator: random.Random

    @property
    def session_id(self) -> str:
        return self.payment_url.rstrip("/").rsplit("/", 1)[-1]

    def press(self, button: str) -> str:
        """Press a button of the payment page and return the address that it leads to, or an empty string."""
        response = self.browser.post(f"{self.standin_url}/pay/{self.session_id}/{button}")
        return response.headers.get("Location", "")

    def go_back(self, address: str) -> None:
        """Open the shop's return page, where the payment page has led there."""
        if address.startswith(self.browser.site_url):
            self.browser.get(address)

    def bank(self, action: str) -> None:
        """Act as the bank does a while later, whether or not the buyer's browser is still open."""
        time.sleep(self.generator.uniform(*BANK_SECONDS))
        address = f"{self.standin_url}/_standin/sessions/{self.session_id}/{action}"
        requests.post(address, json={}, timeout=20)


def pays(buyer: Buyer) -> None:
    buyer.go_back(buyer.press("pay"))


def is_declined_then_pays(buyer: Buyer) -> None:
    buyer.press("decline")
    buyer.go_back(buyer.press("pay"))


def pays_by_bank(buyer: Buyer) -> None:
    buyer.go_back(buyer.press("delay"))
    buyer.bank("settle")


def pays_by_bank_in_vain(buyer: Buyer) -> None:
    buyer.go_back(buyer.press("delay"))
    buyer.bank("fail")


def leaves_the_page_open(buyer: Buyer) -> None:
    buyer.browser.get(buyer.payment_url)


def abandons(buyer: Buyer) -> None:
    buyer.press("expire")


def never_comes_back(buyer: Buyer) -> None:
    buyer.press("pay")


def comes_back_with_the_webhook(buyer: Buyer) -> None:
    """Open the return page in three tabs in the moment in which the webhook is sent."""
    address = buyer.press("pay")
    with ThreadPoolExecutor(3) as tabs:
        list(tabs.map(lambda _number: buyer.go_back(address), range(3)))


def gets_the_money_back(buyer: Buyer) -> None:
    """Pay, and have a part of it refunded in the provider's dashboard."""
    buyer.go_back(buyer.press("pay"))
    amount = {"amount": buyer.generator.randint(100, 2000)}
    address = f"{buyer.standin_url}/_standin/sessions/{buyer.session_id}/refund"
    requests.post(address, json=amount, timeout=20)


BEHAVIOURS: dict[str, tuple[int, Callable[[Buyer], None]]] = {
    "pays": (30, pays),
    "declined, then pays": (10, is_declined_then_pays),
    "bank payment arrives later": (12, pays_by_bank),
    "bank payment fails later": (6, pays_by_bank_in_vain),
    "leaves the payment page open": (6, leaves_the_page_open),
    "abandons the payment": (6, abandons),
    "pays, never comes back": (14, never_comes_back),
    "comes back with the webhook": (12, comes_back_with_the_webhook),
    "refunded in the dashboard": (4, gets_the_money_back),
}


def plan_purchases(count: int, packages: list[tuple[str, str]], generator: random.Random) -> list[Purchase]:
    """Return that many purchases of these packages (path and SKU): each behaviour once, then by weight."""
    names = list(BEHAVIOURS)
    weights = [weight for weight, _act in BEHAVIOURS.values()]
    chosen = (names + generator.choices(names, weights, k=count))[:count]
    generator.shuffle(chosen)
    return [
        Purchase(number, name, *generator.choice(packages), seed=generator.randrange(2**32))
        for number, name in enumerate(chosen, start=1)
    ]


def buy_all(purchases: list[Purchase], progress: Progress, *, site_url: str, standin_url: str) -> Tally:
    """Let the buyers come, a few at once, and return their tally when the last has paid or given up."""
    tally = Tally()

    def buy(purchase: Purchase) -> None:
        _buy(purchase, tally, progress, site_url, standin_url)

    try:
        with ThreadPoolExecutor(MAX_BUYERS_AT_ONCE) as pool:
            list(pool.map(buy, purchases))
    finally:
        progress.end()
    return tally


def _buy(purchase: Purchase, tally: Tally, progress: Progress, site_url: str, standin_url: str) -> None:
    generator = random.Random(purchase.seed)  # noqa: S311 - it chooses behaviour, not secrets
    for basket in range(1, MAX_BASKETS_A_BUYER + 1):
        browser = Browser(site_url, _address_of(purchase), generator, progress)
        reason = ""
        try:
            payment_url = _to_payment(browser, purchase, f"buyer-{purchase.number}-{basket}@checkup.example")
            if urlsplit(payment_url).netloc == urlsplit(standin_url).netloc:
                BEHAVIOURS[purchase.behaviour][1](Buyer(browser, standin_url, payment_url, generator))
        except (GaveUp, requests.RequestException) as given_up:
            reason = str(given_up) or type(given_up).__name__
        with tally.lock:
            tally.baskets += 1
            tally.retries += browser.retries
            if not reason:
                tally.purchases[purchase.behaviour] += 1
                return
            tally.gave_up[reason] += 1


def _address_of(purchase: Purchase) -> str:
    """Return an address of its own for each buyer, in the network for measurements (RFC 2544)."""
    return str(ip_address("198.18.0.0") + purchase.number)


def _to_payment(browser: Browser, purchase: Purchase, email: str) -> str:
    """Buy from the package's page on, and return the payment page's address. Raise GaveUp."""
    browser.get(purchase.package_path)
    browser.post("/basket/add/", {"package": purchase.sku, "quantity": "1"})
    browser.get("/basket/")
    response = browser.get("/checkout/")
    for _attempt in range(3):
        response = browser.post("/checkout/", filled_form(response.text, email))
        if response.is_redirect:
            return _payment_url(browser, response.headers["Location"])
    raise GaveUp(f"POST /checkout/ answered {response.status_code}")


def _payment_url(browser: Browser, address: str) -> str:
    """Return where a redirect from the details page leads; on the order's page a buyer presses "Pay"."""
    if not address.startswith("/"):
        return address
    if not address.startswith("/orders/"):
        raise GaveUp(f"POST /checkout/ led to {address.split('?')[0]}")
    return browser.post(f"{address}pay/").headers.get("Location", "")
