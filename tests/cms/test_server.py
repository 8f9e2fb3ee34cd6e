"""Slow clients wait for themselves: whoever reads or buys meanwhile notices nothing."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
import requests
from django.conf import settings
from django.db import connection
from waitress.task import ThreadedTaskDispatcher

from cms import server as site_server
from tests.live_site import PROJECT, clean_environment, database_url
from tests.services import wait_until
from tools.launch.ports import free_port
from tools.launch.processes import Child, stop

FORM = b"Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
READ = b"GET /static/wagtailadmin/js/vendor.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLOW = {
    "nothing": b"",
    "half a line": b"GET / HT",
    "half a header": b"GET / HTTP/1.1\r\nHost: local",
    "half a body": b"POST /checkout/ HTTP/1.1\r\n" + FORM + b"Content-Length: 100\r\n\r\nemail=",
    "half a chunk": b"POST /checkout/ HTTP/1.1\r\n"
    + FORM
    + b"Transfer-Encoding: chunked\r\n\r\nff\r\nemail=",
    "no reading": READ * 4,
}
TOGETHER = 40


def connected(port: int, sent: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.settimeout(10)
    client.connect(("127.0.0.1", port))
    client.sendall(sent)
    return client


def answer(client: socket.socket) -> bytes:
    received = b""
    while part := client.recv(65536):
        received += part
    return received


def test_the_site_answers_while_two_hundred_slow_clients_are_connected(transactional_db):
    port, lines = free_port(), []
    web = Child(
        "web",
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"],
        environment=clean_environment(
            settings.VAR_DIR, DATABASE_URL=database_url(connection.settings_dict), PORT=str(port)
        ),
        directory=PROJECT,
        report=lambda _name, line: lines.append(line),
    )

    def seconds(address: str) -> float:
        began = time.monotonic()
        assert requests.get(f"http://127.0.0.1:{port}{address}", timeout=10).ok
        return time.monotonic() - began

    def is_up() -> bool:
        try:
            return seconds("/healthz") < 10
        except requests.ConnectionError:
            return False

    try:
        wait_until(is_up, what="the web server")
        with ExitStack() as clients:
            for sent in SLOW.values():
                slow = [connected(port, sent) for _ in range(TOGETHER)]
                for client in slow:
                    clients.callback(client.close)
                assert max(seconds("/basket/") for _ in range(3)) < 2
        with connected(port, SLOW["half a body"]) as late:
            assert seconds("/basket/") < 2
            late.sendall(b"a" * 94)
            assert late.recv(100).startswith(b"HTTP/1.1 ")
    finally:
        stop([web])


@pytest.fixture
def server() -> Iterator[tuple[site_server.Server, int]]:
    """Make a server of this process around a small site; a test runs its loop itself."""

    def site(environment, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environment["wsgi.url_scheme"].encode() + environment["wsgi.input"].read()]

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    threads = ThreadedTaskDispatcher()
    threads.set_thread_count(1)
    worker = SimpleNamespace(wsgi=site, cfg=SimpleNamespace(accesslog=None))
    made = site_server.Server(worker, listener, {}, threads)
    yield made, listener.getsockname()[1]
    threads.shutdown()
    made.asyncore.close_all(made._map)


def turn(server: site_server.Server, times: int = 10) -> None:
    for _ in range(times):
        server.asyncore.loop(timeout=0.02, count=1, map=server._map, use_poll=True)


@pytest.mark.parametrize(
    ("sent", "longest"),
    [
        (b"", 15),
        (b"GET / HT", 15),
        (b"GET / HTTP/1.1\r\nHost: local", 15),
        (b"POST / HTTP/1.1\r\nContent-Length: 900\r\n\r\n" + b"a" * 500, 60.5),
        (b"GET / HTTP/1.1\r\n\r\n", 15),
    ],
    ids=["nothing", "half a line", "half a header", "half a body", "kept after an answer"],
)
def test_a_connection_ends_when_it_takes_longer_than_a_slow_line(server, sent, longest):
    server, port = server
    with connected(port, sent):
        turn(server)
        now = time.time()
        server.maintenance(now + longest - 2)
        turn(server)
        assert server.active_channels

        server.maintenance(now + longest + 1)
        turn(server)
        assert not server.active_channels


def test_a_trickle_does_not_begin_the_time_anew(server):
    server, port = server
    with connected(port, b"GET / HTTP/1.1\r\nHost:") as client:
        turn(server)
        [channel] = server.active_channels.values()
        channel.since -= 14
        client.sendall(b"local")
        turn(server)
        assert channel.is_overdue(time.time() + 2)


def test_when_all_places_are_taken_those_who_wait_longest_go(server, monkeypatch):
    monkeypatch.setattr(site_server, "MAX_CONNECTIONS", 10)
    server, port = server
    with ExitStack() as clients:
        waiting = [clients.enter_context(connected(port, b"GET / HT")) for _ in range(10)]
        turn(server, 20)
        new = clients.enter_context(connected(port, b"GET / HTTP/1.0\r\n\r\n"))
        turn(server, 20)

        assert answer(new).endswith(b"http")
        assert waiting[0].recv(10) == b""
        waiting[-1].settimeout(0.1)
        with pytest.raises(TimeoutError):
            waiting[-1].recv(10)


@pytest.mark.parametrize(("proxies", "scheme"), [(["127.0.0.1"], b"https"), (["10.0.0.1"], b"http")])
def test_only_our_proxy_may_say_that_its_client_speaks_tls(server, settings, proxies, scheme):
    settings.TRUSTED_PROXIES = proxies
    server, port = server
    with connected(port, b"GET / HTTP/1.0\r\nX-Forwarded-Proto: https\r\n\r\n") as client:
        turn(server, 20)
        assert answer(client).endswith(b"\r\n" + scheme)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST / HTTP/1.0\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.0\r\nX: " + b"a" * 70_000, b"431"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", b"200"),
        (b"GET http://[ HTTP/1.1\r\n\r\n", b"400"),
        (b"GET http://a:99999999/ HTTP/1.1\r\nHost: a\r\n\r\n", b"200"),
    ],
    ids=["large body", "large header", "two lengths", "length and chunks", "half an address", "no port"],
)
def test_what_is_no_request_is_refused(server, sent, status):
    server, port = server
    with connected(port, sent) as client:
        turn(server, 30)
        assert client.recv(100).split()[1] == status


def test_requests_sent_one_behind_the_other_are_answered_in_their_order(server):
    server, port = server
    one = b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n%s"
    last = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
    with connected(port, one % b"1" + one % b"2" + last) as client:
        turn(server, 30)
        said = answer(client)
    assert said.count(b"200 OK") == 3
    assert said.index(b"http1") < said.index(b"http2")
