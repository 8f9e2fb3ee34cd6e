"""A buyer's browser: cookies, redirects, and the patience of people with a site that does not answer."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests

from tools.forms import details_data

ANSWER_SECONDS = 20.0
PATIENCE_SECONDS = 90.0
TRY_AGAIN_SECONDS = (0.3, 1.2)
PERSON = re.compile(r'name="person-(\d+)-name"')


class Progress:
    """Counts the answers that all buyers got, for whoever waits for more of them."""

    def __init__(self) -> None:
        self.answers = 0
        self.is_over = False
        self._changed = threading.Condition()

    def answered(self) -> None:
        """One more answer."""
        with self._changed:
            self.answers += 1
            self._changed.notify_all()

    def end(self) -> None:
        """The last buyer has left."""
        with self._changed:
            self.is_over = True
            self._changed.notify_all()

    def wait_for(self, more: int) -> None:
        """Returns after that many more answers, or when there will be none."""
        with self._changed:
            wanted = self.answers + more
            self._changed.wait_for(lambda: self.is_over or self.answers >= wanted)


class GaveUp(Exception):
    """No answer, or no sensible one, for as long as a buyer tries."""


@dataclass
class Browser:
    """One buyer's. Every request is tried again until it is answered or the patience is used up."""

    site_url: str
    address: str
    """From where it comes, as the proxy in front of the site would say."""
    chance: random.Random
    progress: Progress
    session: requests.Session = field(default_factory=requests.Session)
    tries_again: int = 0

    def get(self, address: str) -> requests.Response:
        """A page, redirects followed."""
        return self._insist("GET", address)

    def post(self, address: str, data: dict | None = None) -> requests.Response:
        """A form, sent from a page of the same site; its redirect is not followed."""
        return self._insist("POST", address, data=data or {})

    def _insist(self, method: str, address: str, **given: dict) -> requests.Response:
        address = address if "://" in address else self.site_url + address
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.session.request(
                    method,
                    address,
                    headers={
                        "Sec-Fetch-Site": "same-origin",
                        "Referer": urljoin(address, "/"),  # the shop's page, or the stand-in's
                        "X-Forwarded-For": self.address,
                    },
                    timeout=ANSWER_SECONDS,
                    allow_redirects=method == "GET",
                    **given,  # type: ignore[arg-type] # only `data`
                )
            except requests.RequestException:
                pass
            else:
                if answer.status_code < 500:
                    self.progress.answered()
                    return answer
            self.tries_again += 1
            time.sleep(self.chance.uniform(*TRY_AGAIN_SECONDS))
        raise GaveUp(f"{method} {address.split('?')[0]}")


def filled_in(page: str, email: str) -> dict[str, str]:
    """The details page's form with a buyer's answers, for as many people as it asks about."""
    form = {**details_data(page), "email": email, "reviewed": "1"}
    for number in sorted(set(PERSON.findall(page))):
        person = {name: value for name, value in form.items() if name.startswith("person-0-")}
        form |= {name.replace("person-0-", f"person-{number}-"): value for name, value in person.items()}
        form[f"person-{number}-name"] = f"Buyer {number}"
    return form
