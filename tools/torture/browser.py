"""A buyer's browser: cookies, redirects, and the patience of people with a site that does not answer."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests

from tools.forms import details_data

TIMEOUT_SECONDS = 20.0
GIVE_UP_SECONDS = 90.0
RETRY_SECONDS = (0.3, 1.2)
PERSON = re.compile(r'name="person-(\d+)-name"')


class Progress:
    """Counts the responses that all buyers got, for whoever waits for more of them."""

    def __init__(self) -> None:
        self.responses = 0
        self.is_over = False
        self._changed = threading.Condition()

    def count_response(self) -> None:
        """Count one more response."""
        with self._changed:
            self.responses += 1
            self._changed.notify_all()

    def end(self) -> None:
        """Note that the last buyer has left."""
        with self._changed:
            self.is_over = True
            self._changed.notify_all()

    def wait_for(self, more: int) -> None:
        """Wait for that many more responses, or until there will be none."""
        with self._changed:
            wanted = self.responses + more
            self._changed.wait_for(lambda: self.is_over or self.responses >= wanted)


class GaveUp(Exception):
    """No response, or no sensible one, for as long as a buyer tries."""


@dataclass
class Browser:
    """One buyer's. Every request is retried until it is answered or the time is up."""

    site_url: str
    address: str
    """From where it comes, as the proxy in front of the site would say."""
    generator: random.Random
    progress: Progress
    session: requests.Session = field(default_factory=requests.Session)
    retries: int = 0

    def get(self, address: str) -> requests.Response:
        """Return a page, redirects followed. Raise GaveUp."""
        return self._request("GET", address)

    def post(self, address: str, data: dict | None = None) -> requests.Response:
        """Send a form as a page of the same site does; return the response, a redirect too. Raise GaveUp."""
        return self._request("POST", address, data=data or {})

    def _request(self, method: str, address: str, **options: dict) -> requests.Response:
        address = address if "://" in address else self.site_url + address
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            try:
                response = self.session.request(
                    method,
                    address,
                    headers={
                        "Sec-Fetch-Site": "same-origin",
                        "Referer": urljoin(address, "/"),  # the shop's page, or the stand-in's
                        "X-Forwarded-For": self.address,
                    },
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=method == "GET",
                    **options,  # type: ignore[arg-type] # only `data`
                )
            except requests.RequestException:
                pass
            else:
                if response.status_code < 500:
                    self.progress.count_response()
                    return response
            self.retries += 1
            time.sleep(self.generator.uniform(*RETRY_SECONDS))
        raise GaveUp(f"{method} {address.split('?')[0]}")


def filled_form(page: str, email: str) -> dict[str, str]:
    """Return the details page's form filled in by a buyer, for as many people as it asks about."""
    form = {**details_data(page), "email": email, "reviewed": "1"}
    for number in sorted(set(PERSON.findall(page))):
        person = {name: value for name, value in form.items() if name.startswith("person-0-")}
        form |= {name.replace("person-0-", f"person-{number}-"): value for name, value in person.items()}
        form[f"person-{number}-name"] = f"Buyer {number}"
    return form
