"""A bounded number of requests from a few keep-alive connections, in processes of their own."""

import http.client
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

from tools.bench.counting import HEADER
from tools.forms import details_data

PROCESSES = min(2, os.cpu_count() or 1)
CONNECTIONS = 4  # in each process
FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
}


@dataclass(frozen=True)
class Measurement:
    """One measured request."""

    seconds: float
    queries: int


@dataclass(frozen=True)
class Row:
    """One line of the table. Milliseconds are what a client waits while all connections are busy."""

    name: str
    requests_a_second: float
    median_milliseconds: float
    slowest_percent_milliseconds: float
    queries: int


class UnexpectedStatus(Exception):
    """The site did not respond as the bench needs it to."""


class Session:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._host = f"localhost:{port}"

    def request(
        self, method: str, path: str, body: str = "", *, cookie: str = "", expected: int = 200
    ) -> tuple[Measurement, http.client.HTTPResponse, str]:
        """Send a request and return its measurement, response and content. Raise UnexpectedStatus."""
        headers = {"Host": self._host, "Accept-Encoding": "gzip", **(FORM if body else {})}
        if body:
            headers["Referer"] = f"http://{self._host}/"
        else:
            headers["Accept-Encoding"] = "identity"
        if cookie:
            headers["Cookie"] = cookie
        started = time.perf_counter()
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - started
        if response.status != expected:
            raise UnexpectedStatus(f"{method} {path}: {response.status}, not {expected}")
        return (
            Measurement(seconds, int(response.headers.get(HEADER, 0))),
            response,
            content.decode(errors="replace"),
        )


def get_page(session: Session, path: str) -> Measurement:
    """Measure a reader's request."""
    return session.request("GET", path)[0]


def add_to_basket(session: Session, sku: str) -> Measurement:
    """Measure a buyer's first click, which makes a new basket."""
    body = urlencode({"package": sku, "quantity": 1})
    return session.request("POST", "/basket/add/", body, expected=303)[0]


def place_order(session: Session, sku: str) -> Measurement:
    """Measure the request that sends the details page; those before it are not measured."""
    body = urlencode({"package": sku, "quantity": 1})
    response = session.request("POST", "/basket/add/", body, expected=303)[1]
    cookies = (value.split(";")[0] for value in response.headers.get_all("Set-Cookie", []))
    cookie = "; ".join(cookies)
    page = session.request("GET", "/checkout/", cookie=cookie)[2]
    body = urlencode(details_data(page))
    return session.request("POST", "/checkout/", body, cookie=cookie, expected=303)[0]


def measure(
    name: str, action: Callable[[Session, str], Measurement], argument: str, *, port: int, count: int
) -> Row:
    """Run the action `count` times after a short warm-up, and return its row of the table."""
    for _ in range(3):
        action(Session(port), argument)
    each = max(1, count // (PROCESSES * CONNECTIONS))
    started = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = list(
            pool.map(_in_one_process, *zip(*[(action, argument, port, each)] * PROCESSES, strict=True))
        )
    seconds = time.perf_counter() - started
    measurements = [measurement for part in parts for measurement in part]
    times = sorted(measurement.seconds * 1000 for measurement in measurements)
    return Row(
        name=name,
        requests_a_second=len(times) / seconds,
        median_milliseconds=statistics.median(times),
        slowest_percent_milliseconds=times[min(len(times) - 1, int(len(times) * 0.99))],
        queries=round(statistics.median(measurement.queries for measurement in measurements)),
    )


def _in_one_process(
    action: Callable[[Session, str], Measurement], argument: str, port: int, each: int
) -> Sequence[Measurement]:
    def run(_number: int) -> list[Measurement]:
        session = Session(port)
        return [action(session, argument) for _ in range(each)]

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return [measurement for part in threads.map(run, range(CONNECTIONS)) for measurement in part]
