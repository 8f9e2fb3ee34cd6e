"""A request that came and the answer that goes, without the machinery of a server."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from .configuration import Configuration
from .store import Store


@dataclass
class Context:
    """A running stand-in, as those who answer see it. `address` is its own, as a browser finds it."""

    configuration: Configuration
    store: Store
    address: str
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Request:
    """What was asked. Header names are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def pairs(self) -> list[tuple[str, str]]:
        """Return the form's fields, of the query for GET and of the body otherwise."""
        text = self.query if self.method == "GET" else self.body.decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True)

    def fields(self) -> dict[str, Any]:
        """Return the fields of a JSON document or a form. Raise ValueError for JSON that is not an object."""
        if "json" not in self.headers.get("content-type", ""):
            return dict(self.pairs())
        document = json.loads(self.body or b"{}")
        if not isinstance(document, dict):
            raise ValueError("Send a JSON object.")
        return document


@dataclass(frozen=True)
class Response:
    """The answer; `abandoned` closes the connection without one."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    abandoned: bool = False


def json_response(document: Any, status: int = 200, **headers: str) -> Response:
    """Return a JSON answer."""
    return Response(status, json.dumps(document, indent=2).encode(), headers=headers)


def redirect(address: str) -> Response:
    """Return a redirect (303)."""
    return Response(303, headers={"Location": address})
