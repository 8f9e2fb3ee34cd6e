"""Whether a port can be taken, asked before anything is started."""

import errno
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from configuration import family


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on the port now; raises OSError for a stranger's address."""
    with socket.socket(family(host), socket.SOCK_STREAM) as probe:
        # As servers do: a port in TIME_WAIT after the last stop is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_answer(url: str, *, seconds: float, is_alive: Callable[[], bool]) -> bool:
    """Asks until the address answers 200; False when the time is over or the server has died."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and is_alive():
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return True
        except (OSError, urllib.error.HTTPError):
            pass
        time.sleep(0.1)
    return False
