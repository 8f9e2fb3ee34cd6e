"""The stand-in as an HTTP server in a thread of its own, for somebody on this machine or at a known name.

It has no log-in, and its keys are public. Any page that a tester visits could press its buttons (a form sent
across sites), or read and steer all of it under a name that leads to this machine (DNS rebinding): `refusal`
lets no page of another site ask.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from configuration import family, local_url

from . import api, control, pages
from .configuration import Configuration
from .delivery import DeliveryThread
from .exchange import Context, Request, Response, json_response
from .store import Store

MAX_BODY = 1_000_000
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = ("GET", "HEAD")
# A browser says none of them for a click on a page of another site. Without the header it is no browser.
OWN_SITES = ("same-origin", "none")
PAYMENT_PAGE = re.compile(r"/pay/(?P<id>\w+)(?:/(?P<action>\w+))?")

logger = logging.getLogger(__name__)


def respond(context: Context, request: Request) -> Response:
    """Let whoever is responsible for the path answer the request."""
    if refused := refusal(context, request):
        return pages.message(refused, 403)
    if request.path.startswith("/v1/"):
        return api.answer(context, request)
    if request.path.startswith(control.PREFIX):
        return control.answer(context, request)
    payment = PAYMENT_PAGE.fullmatch(request.path)
    if payment and payment["action"] and request.method == "POST":
        return pages.payment_action(context, request, payment["id"], payment["action"])
    if payment and not payment["action"] and request.method == "GET":
        return pages.payment_page(context, payment["id"])
    if (request.method, request.path) == ("GET", "/"):
        return pages.control_page(context)
    if (request.method, request.path) == ("GET", "/standin.css"):
        return pages.style()
    return pages.message("There is nothing at this address.", 404)


def refusal(context: Context, request: Request) -> str:
    """Return why this request is not answered, in words; an empty text for one that is."""
    host = request.headers.get("host", "")
    if _name_of(f"//{host}") not in {*LOOPBACK, *_known_names(context)}:
        return (
            "This stand-in does not answer under this name. It answers as localhost, and under the names in "
            "STANDIN_URL and STANDIN_PUBLIC_URL."
        )
    if request.method in SAFE_METHODS or request.path.startswith("/v1/"):
        return ""  # what is only read, and what a key is needed for, which no form can send
    if request.headers.get("sec-fetch-site", "none") not in OWN_SITES or not _is_own(context, request, host):
        return "Only the stand-in's own pages may do this."
    return ""


def _is_own(context: Context, request: Request, host: str) -> bool:
    """Return whether the page that the browser names is the stand-in's; tools name none."""
    origin = request.headers.get("origin", request.headers.get("referer"))
    if origin is None:
        return True
    parts = _parts(origin)
    return (
        parts is not None
        and parts[0] in ("http", "https")
        and parts[1]
        in {
            host.lower(),
            urlsplit(context.address).netloc.lower(),
        }
    )


def _known_names(context: Context) -> Iterator[str]:
    for address in (context.address, *context.configuration.known_at):
        yield _name_of(address)


def _name_of(address: str) -> str:
    """Return the host's name in lower case, without a port; an empty text where there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _parts(origin: str) -> tuple[str, str] | None:
    """Return scheme and netloc of an origin; None for "null" and what is none."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return (parts.scheme, parts.netloc.lower()) if parts.netloc else None


class Handler(BaseHTTPRequestHandler):
    """Between a socket and `respond`. Each connection carries one request."""

    server: "Server"
    server_version = "payment-stand-in"
    sys_version = ""

    def do_GET(self) -> None:
        """Read, answer, close."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.send(json_response({"error": {"message": "This request is too large."}}, 413))
            return
        address = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=address.path,
            query=address.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        try:
            response = respond(self.server.context, request)
        except Exception:
            if self.server.context.stopping.is_set():
                return
            logger.exception("%s %s", request.method, request.path)
            error = {"message": "The stand-in itself is at fault; see its log.", "type": "api_error"}
            response = json_response({"error": error}, 500)
        self.send(response)

    do_POST = do_DELETE = do_GET  # the names that the standard library calls

    def send(self, response: Response) -> None:
        """Write an answer, unless a fault takes it away."""
        if response.abandoned:
            return
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, format: str, *values: object) -> None:
        """Log one line a request, for those who ask for them."""
        logger.debug(format, *values)


class Server(ThreadingHTTPServer):
    """A listening socket with a stand-in behind it, from construction to `stop`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, configuration: Configuration) -> None:
        self.address_family = family(configuration.host)
        super().__init__((configuration.host, configuration.port), Handler)
        self.base_url = local_url(configuration.host or "0.0.0.0", self.server_port)  # noqa: S104 - a comparison
        try:
            store = Store(configuration.store, configuration.seed)
        except Exception:
            self.server_close()
            raise
        address = (configuration.public_url or self.base_url).rstrip("/")
        self.context = Context(configuration, store, address)
        self.deliveries = DeliveryThread(self.context)
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, name="payment-stand-in", daemon=True
        )

    def start(self) -> None:
        """Answer requests and send webhooks from now on."""
        self.thread.start()
        self.deliveries.start()

    def stop(self) -> None:
        """End both threads, free the port, close the file."""
        self.context.stopping.set()
        self.shutdown()
        self.server_close()
        self.thread.join()
        self.deliveries.stop()
        self.context.store.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a client that went away in the middle of an answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            logger.exception("A request from %s failed.", client_address)
