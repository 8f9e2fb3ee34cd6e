"""New objects in Stripe's shape. Which values they take on later is decided elsewhere."""

import secrets
import string
from typing import Any

import stripe

from .money import subtotal, unit_amount
from .session_rules import MAX_LIFETIME
from .store import Document

DELAYED_METHODS = {"eur": "sepa_debit", "gbp": "bacs_debit", "usd": "us_bank_account"}
API_VERSION = stripe.api_version
ALPHABET = string.ascii_letters + string.digits
SESSION_ID_LENGTH = 58
ID_LENGTH = 24
NO_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def new_id(prefix: str) -> str:
    """Return a random id: re_ and 24 letters or digits; a session's is longer, as Stripe's is."""
    length = SESSION_ID_LENGTH if prefix.startswith("cs_") else ID_LENGTH
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def line_item(line: Document, now: int) -> Document:
    """Return one line of a session."""
    price, amount = line["price_data"], subtotal(line)
    unit = unit_amount(price)
    return {
        "id": new_id("li_"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"].lower(),
        "description": price["product_data"]["name"],
        "metadata": line.get("metadata", {}),
        "price": {
            "id": new_id("price_"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": now,
            "currency": price["currency"].lower(),
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": new_id("prod_"),
            "recurring": None,
            "tax_behavior": price.get("tax_behavior", "unspecified"),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": int(unit) if unit == unit.to_integral_value() else None,
            "unit_amount_decimal": str(unit),
        },
        "quantity": line["quantity"],
    }


def payment_methods(params: Document, currency: str) -> list[str]:
    """Return a card, and the delayed method of the currency's country unless the session rules it out."""
    offered = ["card", DELAYED_METHODS.get(currency, "customer_balance")]
    allowed = params.get("allowed_payment_method_types")
    excluded = params.get("excluded_payment_method_types", [])
    return [method for method in offered if (not allowed or method in allowed) and method not in excluded]


def checkout_session(params: Document, lines: list[Document], address: str, now: int) -> Document:
    """Return an open session, payable at the stand-in's `address`."""
    identifier = new_id("cs_test_")
    total, currency = sum(line["amount_total"] for line in lines), lines[0]["currency"]
    email = params.get("customer_email")
    echoed = {
        name: params.get(name)
        for name in (
            "allowed_payment_method_types",
            "billing_address_collection",
            "branding_settings",
            "cancel_url",
            "client_reference_id",
            "consent_collection",
            "customer_email",
            "excluded_payment_method_types",
            "integration_identifier",
            "invoice_creation",
            "locale",
            "name_collection",
            "origin_context",
            "payment_method_options",
            "permissions",
            "saved_payment_method_options",
            "shipping_address_collection",
            "submit_type",
            "success_url",
            "tax_id_collection",
            "wallet_options",
        )
    }
    return {
        "id": identifier,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "created": now,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": params.get("custom_fields", []),
        "custom_text": text_slots(params.get("custom_text", {})),
        "customer": None,
        "customer_account": None,
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": customer_details(email, None) if email else None,
        "discounts": [],
        "expires_at": params.get("expires_at", now + MAX_LIFETIME),
        "invoice": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": kept(params.get("metadata", {})),
        "mode": "payment",
        "optional_items": [],
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_types": payment_methods(params, currency),
        "payment_status": "unpaid",
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False}),
        "presentment_details": None,
        "recovered_from": None,
        "redirect_on_completion": None,
        "return_url": None,
        "setup_intent": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "subscription": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{address}/pay/{identifier}",
        **echoed,
    }


def text_slots(given: Document) -> Document:
    """Return every place where a session can carry a text of the shop's."""
    slots = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {slot: given.get(slot) or None for slot in slots}


def kept(metadata: dict[str, str]) -> dict[str, str]:
    """Return the metadata without empty values, which unset a key."""
    return {key: value for key, value in metadata.items() if value}


def customer_details(email: str | None, name: str | None) -> Document:
    """Return who pays, as far as the payment page knows."""
    return {
        "address": dict(NO_ADDRESS),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def payment_intent(session: Document, settings: Document, now: int) -> Document:
    """Return the intent of a session; its metadata is what `payment_intent_data` says, not the session's."""
    identifier = new_id("pi_")
    return {
        "id": identifier,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": settings.get("capture_method", "automatic_async"),
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "customer": None,
        "customer_account": None,
        "description": settings.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": kept(settings.get("metadata", {})),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": settings.get("receipt_email"),
        "review": None,
        "setup_future_usage": settings.get("setup_future_usage"),
        "shipping": settings.get("shipping"),
        "source": None,
        "statement_descriptor": settings.get("statement_descriptor"),
        "statement_descriptor_suffix": settings.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": settings.get("transfer_group"),
    }


def charge(intent: Document, payer: Document, method: str, now: int) -> Document:
    """Return an attempt to take the money, pending until somebody decides."""
    card = {"brand": "visa", "country": "GB", "exp_month": 12, "exp_year": 2034, "funding": "credit"}
    details: dict[str, Any] = {"type": method, method: {"last4": "4242"}}
    if method == "card":
        details["card"] |= card
    return {
        "id": new_id("ch_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": payer["address"],
            "email": payer["email"],
            "name": payer["name"],
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": None,
        "captured": False,
        "created": now,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm_"),
        "payment_method_details": details,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
    }


def refund(of: Document, amount: int, reason: str | None, metadata: dict[str, str], now: int) -> Document:
    """Return a refund of a charge that has succeeded at once."""
    method = of["payment_method_details"]["type"]
    return {
        "id": new_id("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn_"),
        "charge": of["id"],
        "created": now,
        "currency": of["currency"],
        "destination_details": {"type": method, method: {}},
        "failure_reason": None,
        "metadata": kept(metadata),
        "payment_intent": of["payment_intent"],
        "pending_reason": None,
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def dispute(of: Document, amount: int, reason: str, now: int) -> Document:
    """Return a payer's complaint to the bank, which took the money back and waits for an answer."""
    return {
        "id": new_id("dp_"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": of["id"],
        "created": now,
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": now + 7 * MAX_LIFETIME,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "payment_method_details": {"type": "card", "card": {"brand": "visa", "case_type": "chargeback"}},
        "reason": reason,
        "status": "needs_response",
    }


def early_fraud_warning(of: Document, now: int) -> Document:
    """Return the card network's suspicion, before any dispute."""
    return {
        "id": new_id("issfr_"),
        "object": "radar.early_fraud_warning",
        "actionable": not of["refunded"] and not of["disputed"],
        "charge": of["id"],
        "created": now,
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": of["payment_intent"],
    }
