"""The signature of a webhook."""

import stripe
from django.conf import settings

SIGNATURE_TOLERANCE_SECONDS = 300


class BadSignature(Exception):
    """A webhook that Stripe did not sign, or signed too long ago."""


def verify_event(payload: bytes, signature: str) -> str:
    """Return the text that Stripe signed, whatever it holds. Raise BadSignature.

    During a secret's rotation the setting holds the old and the new one, divided by a comma.
    https://docs.stripe.com/webhooks#verify-manually
    """
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        raise BadSignature from error
    if not signature.isascii():  # the SDK compares in constant time, which takes no other letters
        raise BadSignature
    for secret in settings.STRIPE_WEBHOOK_SECRET.split(","):
        try:
            stripe.WebhookSignature.verify_header(
                text, signature, secret.strip(), tolerance=SIGNATURE_TOLERANCE_SECONDS
            )
        except (ValueError, stripe.SignatureVerificationError):
            continue
        return text
    raise BadSignature
