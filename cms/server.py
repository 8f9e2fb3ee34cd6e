"""The web server: gunicorn's processes, waitress's connections.

A thread is busy with a request only while the site works on it. Until all of it is there, and while the
response leaves, one loop in each process waits for every client, however slow; docs/adr has the measurement.
"""

import logging
import os
import resource
import socket
import time
from typing import Any

from gunicorn.workers.base import Worker
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, Task, ThreadedTaskDispatcher, WSGITask

from cms.limits.client_address import is_trusted

# Open at the same time, for each process. A new one takes the place of who waited longest.
MAX_CONNECTIONS = 1000
IDLE_SECONDS = 15
HEADER_SECONDS = 15
# A body or a response may take as long, and longer while it goes on at this rate: a picture from a poor line.
STALLED_SECONDS = 60
MIN_BYTES_A_SECOND = 1000
MAX_HEADER_BYTES, MAX_BODY_BYTES = 64 * 1024, 200 * 1024 * 1024
MAX_BYTES_IN_MEMORY = 512 * 1024


class LoggedTask(Task):
    """One response, which is written to the access log."""

    def finish(self) -> None:
        super().finish()
        self.channel.server.log_access(self)


class SiteTask(LoggedTask, WSGITask):
    """A request that the site answers."""

    def get_environment(self) -> dict[str, Any]:
        """Return WSGI's environment; only the proxy in front may say that its client speaks TLS."""
        environment = super().get_environment()
        scheme = environment.get("HTTP_X_FORWARDED_PROTO", "")
        if scheme == "https" and is_trusted(environment.get("REMOTE_ADDR", "")):
            environment["wsgi.url_scheme"] = "https"
        return environment


class RefusedTask(LoggedTask, ErrorTask):
    """A request that is malformed or too large."""


class RequestParser(HTTPRequestParser):
    """Waitress's, for which an address that Python cannot parse is a bad request too."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError("Bad URI") from error


class Channel(HTTPChannel):
    """One connection, with the time since which something on it is unfinished."""

    parser_class = RequestParser
    task_class = SiteTask
    error_task_class = RefusedTask
    since = 0.0
    unfinished: object = None

    def received(self, data: bytes) -> bool:
        """Receive data as waitress does and return what it returns; note when a new request began."""
        result = super().received(data)
        self._note(self.request)
        return result

    def is_overdue(self, now: float) -> bool:
        """Return whether a request or a response is unfinished for longer than on a slow line."""
        if self.requests:  # the site works on it
            self._note(None)
            return False
        if self.request is not None and not self.request.headers_finished:
            return now - self.since > HEADER_SECONDS
        if self.request is not None:
            received = self.request.body_bytes_received
        elif self.total_outbufs_len:
            self._note(self.outbufs)
            received = 0
        else:
            return now - self.last_activity > IDLE_SECONDS
        return now - self.since > STALLED_SECONDS + received / MIN_BYTES_A_SECOND

    def _note(self, unfinished: object) -> None:
        if unfinished is not self.unfinished:
            self.unfinished, self.since = unfinished, time.time()


class Server(TcpWSGIServer):
    """Accepts connections as long as one of its threads is free; else another process accepts them."""

    channel_class = Channel

    def __init__(
        self,
        worker: Worker,
        listener: socket.socket,
        connections: dict[int, Any],
        dispatcher: ThreadedTaskDispatcher,
    ) -> None:
        self.worker = worker
        super().__init__(
            worker.wsgi,
            map=connections,
            _sock=listener,
            dispatcher=dispatcher,
            adj=_adjustments(listener),
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def readable(self) -> bool:
        """Return whether a connection can be accepted; when all are taken, close some that waited longest."""
        if len(self.active_channels) >= MAX_CONNECTIONS:
            self._make_room()
        return super().readable() and not self.task_dispatcher.queue

    def maintenance(self, now: float) -> None:
        """Close overdue connections; waitress calls it every few seconds."""
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.will_close = True

    def _make_room(self) -> None:
        waiting = [channel for channel in self.active_channels.values() if not channel.requests]
        for channel in sorted(waiting, key=lambda channel: channel.creation_time)[: MAX_CONNECTIONS // 10]:
            channel.handle_close()

    def log_access(self, task: Task) -> None:
        """Log one line for each response, where the configuration asks for it."""
        if not self.worker.cfg.accesslog:
            return
        request_line, headers = task.request.first_line.decode("latin-1"), task.request.headers
        # Gunicorn's logger, which has the filter for order links.
        self.worker.log.access_log.info(
            '%s - - %s "%s" %s %s "%s" "%s"',
            task.channel.addr[0],
            self.worker.log.now(),
            _printable(request_line),
            task.status.split()[0],
            task.content_bytes_written,
            _printable(headers.get("REFERER", "-")),
            _printable(headers.get("USER_AGENT", "-")),
        )


class BufferedWorker(Worker):
    """A worker process of gunicorn's that serves with waitress."""

    def run(self) -> None:
        """Serve until the arbiter asks for a stop; then finish what is begun, and exit the process."""
        _allow_files(MAX_CONNECTIONS + 200)
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        connections: dict[int, Any] = {}
        servers = [Server(self, listener.sock, connections, dispatcher) for listener in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._run_once(servers, connections)
        deadline = time.time() + self.cfg.graceful_timeout
        for server in servers:
            server.accepting = False
        while time.time() < deadline and any(_is_busy(server) for server in servers):
            self._run_once(servers, connections)
        dispatcher.shutdown(timeout=max(0.0, deadline - time.time()))
        logging.shutdown()
        # Taking a forked site apart object by object copies its memory: seconds in which nothing is served.
        os._exit(0)

    def _run_once(self, servers: list[Server], connections: dict[int, Any]) -> None:
        self.notify()
        servers[0].asyncore.loop(timeout=1, count=1, map=connections, use_poll=True)


def _adjustments(listener: socket.socket) -> Adjustments:
    return Adjustments(
        sockets=[listener],
        ident=None,
        connection_limit=2 * MAX_CONNECTIONS,  # ours comes first
        cleanup_interval=2,
        asyncore_use_poll=True,
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=MAX_BODY_BYTES,
        inbuf_overflow=MAX_BYTES_IN_MEMORY,
        outbuf_overflow=MAX_BYTES_IN_MEMORY,
        clear_untrusted_proxy_headers=False,  # cms.limits.client_address believes none of a stranger's
    )


def _is_busy(server: Server) -> bool:
    return any(channel.requests or channel.total_outbufs_len for channel in server.active_channels.values())


def _allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _printable(text: str) -> str:
    """Return what a client sent, escaped: it can neither begin a line of its own nor end a quoted part."""
    return text.encode("unicode_escape").decode("ascii").replace('"', "\\x22")
