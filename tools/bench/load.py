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
class Answer:
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


class Unexpected(Exception):
    """The site answered something else than the bench is about."""


class Session:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._host = f"localhost:{port}"

    def request(
        self, method: str, path: str, body: str = "", *, cookie: str = "", expected: int = 200
    ) -> tuple[Answer, http.client.HTTPResponse, str]:
        """Sends one request and reads the whole answer; raises Unexpected for another status."""
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
            raise Unexpected(f"{method} {path}: {response.status}, not {expected}")
        return (
            Answer(seconds, int(response.headers.get(HEADER, 0))),
            response,
            content.decode(errors="replace"),
        )


def read(session: Session, path: str) -> Answer:
    """A reader's request."""
    return session.request("GET", path)[0]


def add_to_basket(session: Session, sku: str) -> Answer:
    """A buyer's first click: a new basket."""
    return session.request("POST", "/basket/add/", urlencode({"package": sku, "quantity": 1}), expected=303)[
        0
    ]


def place_order(session: Session, sku: str) -> Answer:
    """From the filled details page to the address of the payment page; the way there is not measured."""
    body = urlencode({"package": sku, "quantity": 1})
    response = session.request("POST", "/basket/add/", body, expected=303)[1]
    cookies = (value.split(";")[0] for value in response.headers.get_all("Set-Cookie", []))
    cookie = "; ".join(cookies)
    page = session.request("GET", "/checkout/", cookie=cookie)[2]
    return session.request("POST", "/checkout/", urlencode(details_data(page)), cookie=cookie, expected=303)[
        0
    ]


def measure(
    name: str, action: Callable[[Session, str], Answer], argument: str, *, port: int, count: int
) -> Row:
    """Runs the action `count` times after a short warm-up, and says how it went."""
    for _ in range(3):
        action(Session(port), argument)
    each = max(1, count // (PROCESSES * CONNECTIONS))
    started = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = list(
            pool.map(_in_one_process, *zip(*[(action, argument, port, each)] * PROCESSES, strict=True))
        )
    seconds = time.perf_counter() - started
    answers = sorted((answer for part in parts for answer in part), key=lambda answer: answer.seconds)
    times = [answer.seconds * 1000 for answer in answers]
    return Row(
        name=name,
        requests_a_second=len(times) / seconds,
        median_milliseconds=statistics.median(times),
        slowest_percent_milliseconds=times[min(len(times) - 1, int(len(times) * 0.99))],
        queries=round(statistics.median(answer.queries for answer in answers)),
    )


def _in_one_process(
    action: Callable[[Session, str], Answer], argument: str, port: int, each: int
) -> Sequence[Answer]:
    def run(_number: int) -> list[Answer]:
        session = Session(port)
        return [action(session, argument) for _ in range(each)]

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return [answer for answers in threads.map(run, range(CONNECTIONS)) for answer in answers]
