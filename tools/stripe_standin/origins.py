"""Who may ask: somebody on this machine or at a known name, and no page of another site.

The stand-in has no log-in, and its keys are public. Without this, any page that a tester visits could press
its buttons (a form sent across sites), or read and steer all of it under a name that leads to this machine
(DNS rebinding).
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from .exchange import Context, Request

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = ("GET", "HEAD")
# A browser says none of them for a click on a page of another site. Without the header it is no browser.
OWN_SITES = ("same-origin", "none")


def refusal(context: Context, request: Request) -> str:
    """Why this request is not answered, in words; an empty text for one that is."""
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
    """Whether the page that the browser names is the stand-in's; tools name none, old browsers no Origin."""
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
    """The host's name in lower case, without a port; an empty text where there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _parts(origin: str) -> tuple[str, str] | None:
    """Scheme and netloc of an origin; None for "null" and what is none."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return (parts.scheme, parts.netloc.lower()) if parts.netloc else None
