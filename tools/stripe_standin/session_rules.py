"""What Stripe asks of a new Checkout Session beyond the types of its parameters."""

import re
from typing import Any
from urllib.parse import urlsplit

from cms.core.currencies import CURRENCIES, currency_of

from .errors import StripeError, unsupported
from .money import format_amount, indivisible, subtotal, unit_amount

# https://docs.stripe.com/api/checkout/sessions/create
MIN_LIFETIME, MAX_LIFETIME = 30 * 60, 24 * 60 * 60
MAX_LINES = 100
MAX_URL_LENGTH = 5000
MAX_REFERENCE_LENGTH = 200
# https://docs.stripe.com/api/metadata
MAX_METADATA_KEYS, MAX_METADATA_KEY_LENGTH, MAX_METADATA_VALUE_LENGTH = 50, 40, 500
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

# Parameters that change what is charged or how, in ways the stand-in does not follow.
UNSUPPORTED = (
    "after_expiration",
    "customer",
    "customer_account",
    "discounts",
    "optional_items",
    "payment_method_configuration",
    "return_url",
    "setup_intent_data",
    "shipping_options",
    "subscription_data",
)


def check(params: dict[str, Any], now: int) -> None:
    """Raise StripeError (400) for a session that Stripe, or the stand-in, would not make."""
    check_kind(params)
    check_lines(params.get("line_items", []))
    check_address("success_url", params.get("success_url"), required=True)
    check_address("cancel_url", params.get("cancel_url"))
    check_expiry(params.get("expires_at"), now)
    if "customer_email" in params and not E_MAIL.fullmatch(params["customer_email"]):
        message = f"Invalid email address: {params['customer_email']}"
        raise StripeError(message, code="email_invalid", param="customer_email")
    if len(params.get("client_reference_id", "")) > MAX_REFERENCE_LENGTH:
        raise too_long("client_reference_id", MAX_REFERENCE_LENGTH)
    check_metadata("metadata", params.get("metadata", {}))
    check_metadata("payment_intent_data[metadata]", params.get("payment_intent_data", {}).get("metadata", {}))


def check_kind(params: dict[str, Any]) -> None:
    """Take only hosted sessions that take one payment at once."""
    if "mode" not in params:
        raise StripeError("Missing required param: mode.", code="parameter_missing", param="mode")
    if params["mode"] != "payment":
        raise unsupported("mode", "it only takes sessions with mode=payment.")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise unsupported("ui_mode", "it only has a hosted page.")
    for name in UNSUPPORTED:
        if name in params:
            raise unsupported(name, f"{name} has no effect here.")
    for name in ("automatic_tax", "adaptive_pricing", "managed_payments"):
        if params.get(name, {}).get("enabled"):
            raise unsupported(f"{name}[enabled]", f"{name} can only be switched off.")
    if params.get("payment_intent_data", {}).get("capture_method", "automatic") == "manual":
        raise unsupported("payment_intent_data[capture_method]", "it captures at once.")


def check_lines(lines: list[dict[str, Any]]) -> None:
    """Require that each line has a price of its own, all in one currency, and a total that can be charged."""
    if not lines:
        raise StripeError(
            "A session with mode=payment needs `line_items`.", code="parameter_missing", param="line_items"
        )
    if len(lines) > MAX_LINES:
        raise StripeError(f"`line_items` takes at most {MAX_LINES} lines.", param="line_items")
    for number, line in enumerate(lines):
        check_line(line, f"line_items[{number}]")
    currencies = {line["price_data"]["currency"].lower() for line in lines}
    if len(currencies) > 1:
        raise StripeError("All prices of a session must be in the same currency.", param="line_items")
    check_total(sum(subtotal(line) for line in lines), currencies.pop())


def check_line(line: dict[str, Any], param: str) -> None:
    """Require a quantity of at least one and an amount that is not below nothing."""
    if "price" in line:
        raise StripeError(
            f"No such price: '{line['price']}'", code="resource_missing", param=f"{param}[price]"
        )
    for name in ("tax_rates", "adjustable_quantity"):
        if name in line:
            raise unsupported(f"{param}[{name}]", f"{name} has no effect here.")
    if "price_data" not in line:
        raise StripeError(
            f"`{param}` needs a `price` or `price_data`.", code="parameter_missing", param=f"{param}[price]"
        )
    if line.get("quantity") is None:
        raise StripeError(
            f"Quantity is required. Add `quantity` to `{param}`.", code="parameter_missing", param=param
        )
    if line["quantity"] < 1:
        raise StripeError(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param=f"{param}[quantity]",
        )
    check_price(line["price_data"], f"{param}[price_data]")


def check_price(price: dict[str, Any], param: str) -> None:
    """Require one product, one amount, a known currency, no subscription."""
    if price["currency"].upper() not in CURRENCIES:
        raise StripeError(f"Invalid currency: {price['currency']}", param=f"{param}[currency]")
    if "product" in price:
        message = f"No such product: '{price['product']}'"
        raise StripeError(message, code="resource_missing", param=f"{param}[product]")
    if "product_data" not in price:
        raise StripeError(
            f"`{param}` needs a `product` or `product_data`.", code="parameter_missing", param=param
        )
    if "recurring" in price:
        raise StripeError(
            "A session with mode=payment takes no recurring prices.", param=f"{param}[recurring]"
        )
    if ("unit_amount" in price) == ("unit_amount_decimal" in price):
        raise StripeError(
            f"`{param}` needs either `unit_amount` or `unit_amount_decimal`.",
            code="parameter_missing",
            param=f"{param}[unit_amount]",
        )
    if unit_amount(price) < 0:
        raise StripeError(
            "This value must be greater than or equal to 0.",
            code="parameter_invalid_integer",
            param=f"{param}[unit_amount]",
        )


def check_total(total: int, currency: str) -> None:
    """Require a total that can be charged, divisible as the currency asks."""
    if problem := indivisible(total, currency):
        raise StripeError(problem, param="line_items")
    if total < currency_of(currency).smallest:
        least = format_amount(currency_of(currency).smallest, currency)
        message = f"The Checkout Session's total amount due must add up to at least {least}."
        raise StripeError(message, code="amount_too_small")
    if total > currency_of(currency).largest:
        most = format_amount(currency_of(currency).largest, currency)
        message = f"The Checkout Session's total amount must be no more than {most}."
        raise StripeError(message, code="amount_too_large")


def check_address(param: str, address: str | None, *, required: bool = False) -> None:
    """Require a full web address."""
    if address is None:
        if required:
            raise StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)
        return
    if len(address) > MAX_URL_LENGTH:
        raise too_long(param, MAX_URL_LENGTH)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"Not a valid URL: {param} must begin with http:// or https:// and name a host."
        raise StripeError(message, code="url_invalid", param=param)


def check_expiry(expires_at: int | None, now: int) -> None:
    """Require half an hour to a day ahead, counted from the moment Stripe makes the session."""
    if expires_at is None:
        return
    if expires_at < now + MIN_LIFETIME:
        raise StripeError("`expires_at` must be at least 30 minutes from now.", param="expires_at")
    if expires_at > now + MAX_LIFETIME:
        raise StripeError("`expires_at` must be less than 24 hours from now.", param="expires_at")


def check_metadata(param: str, metadata: dict[str, str]) -> None:
    """Require no more and no longer than Stripe keeps."""
    if len(metadata) > MAX_METADATA_KEYS:
        raise StripeError(f"`{param}` takes at most {MAX_METADATA_KEYS} keys.", param=param)
    for key, value in metadata.items():
        if len(key) > MAX_METADATA_KEY_LENGTH:
            raise too_long(f"{param}[{key}]", MAX_METADATA_KEY_LENGTH, "The key of")
        if len(value) > MAX_METADATA_VALUE_LENGTH:
            raise too_long(f"{param}[{key}]", MAX_METADATA_VALUE_LENGTH)


def too_long(param: str, max_length: int, what: str = "The value of") -> StripeError:
    """Return the 400 for a text above its limit."""
    message = f"{what} `{param}` takes at most {max_length} characters."
    return StripeError(message, param=param)
