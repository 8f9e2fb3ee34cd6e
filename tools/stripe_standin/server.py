"""The stand-in as an HTTP server in a thread of its own."""

import logging
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from configuration import family, reached_at

from . import api, control, origins, pages
from .configuration import Configuration
from .delivery import Courier
from .exchange import Context, Request, Response, json_response
from .store import Store

LARGEST_BODY = 1_000_000
PAYMENT_PAGE = re.compile(r"/pay/(?P<id>\w+)(?:/(?P<action>\w+))?")

logger = logging.getLogger(__name__)


def respond(context: Context, request: Request) -> Response:
    """Whoever answers for a path."""
    if refused := origins.refusal(context, request):
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


class Handler(BaseHTTPRequestHandler):
    """Between a socket and `respond`. Each connection carries one request."""

    server: "Server"
    server_version = "payment-stand-in"
    sys_version = ""

    def do_GET(self) -> None:
        """Read, answer, close."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
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
        """One line a request, for those who ask for them."""
        logger.debug(format, *values)


class Server(ThreadingHTTPServer):
    """A listening socket with a stand-in behind it, from construction to `stop`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, configuration: Configuration) -> None:
        self.address_family = family(configuration.host)
        super().__init__((configuration.host, configuration.port), Handler)
        self.base_url = reached_at(configuration.host or "0.0.0.0", self.server_port)  # noqa: S104 - a comparison
        try:
            store = Store(configuration.store, configuration.seed)
        except Exception:
            self.server_close()
            raise
        address = (configuration.public_url or self.base_url).rstrip("/")
        self.context = Context(configuration, store, address)
        self.courier = Courier(self.context)
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, name="payment-stand-in", daemon=True
        )

    def start(self) -> None:
        """Answer requests and send webhooks from now on."""
        self.thread.start()
        self.courier.start()

    def stop(self) -> None:
        """End both threads, free the port, close the file."""
        self.context.stopping.set()
        self.shutdown()
        self.server_close()
        self.thread.join()
        self.courier.stop()
        self.context.store.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the middle of an answer is not worth a traceback."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            logger.exception("A request from %s failed.", client_address)
