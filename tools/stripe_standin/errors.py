"""What the stand-in answers when it cannot do what was asked."""

from typing import Any

DOCUMENTATION = "https://docs.stripe.com/error-codes/"


class StripeError(Exception):
    """An answer in the shape of Stripe's API errors, so that the SDK raises its matching exception."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.status = status
        self.kind = kind

    def body(self) -> dict[str, Any]:
        """Return the JSON document that Stripe would send."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = DOCUMENTATION + self.code.replace("_", "-")
        if self.param:
            error["param"] = self.param
        return {"error": error}


class NotPossible(Exception):
    """A tester asked for something that the state of the payment does not allow."""


def missing(kind: str, identifier: str, param: str = "id") -> StripeError:
    """Return the 404 for an object that does not exist."""
    return StripeError(f"No such {kind}: '{identifier}'", code="resource_missing", param=param, status=404)


def unsupported(param: str, reason: str) -> StripeError:
    """Return the refusal of a parameter that Stripe would take and the stand-in would ignore."""
    return StripeError(f"The payment stand-in does not do this: {reason}", param=param)
