"""Refuses Stripe's keys where they would charge real cards in a trial, or take no money in a real shop."""

import re
from collections.abc import Iterator, Sequence

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from cms.core.checks import CONFIGURATION

TEST_KEY_PREFIXES = ("sk_test_", "rk_test_")
LIVE_KEY_PREFIXES = ("sk_live_", "rk_live_")
WEBHOOK_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,}")
# The stand-in's own, which whoever reads this repository knows.
STANDIN_WEBHOOK_SECRET = "whsec_standin"  # noqa: S105 - public: it stands in the stand-in


@register(Tags.security, CONFIGURATION)
def check_stripe(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Return what is wrong with the keys; in production also what pays with no money."""
    faults = [*_key_faults()]
    if settings.ENVIRONMENT == "production":
        faults += _test_money_faults()
    return faults


def _key_faults() -> Iterator[CheckMessage]:
    key = settings.STRIPE_SECRET_KEY
    if settings.ENVIRONMENT != "production" and key.startswith(LIVE_KEY_PREFIXES):
        yield Error(
            "STRIPE_SECRET_KEY is a live key outside production: real cards would be charged.",
            hint="Use a key that begins with sk_test_, or none for the payment stand-in.",
            id="checkup.E001",
        )
    if not key.startswith((*TEST_KEY_PREFIXES, *LIVE_KEY_PREFIXES)):
        yield Error(
            "STRIPE_SECRET_KEY is no secret key of Stripe's.",
            hint="It begins with sk_test_, rk_test_, sk_live_ or rk_live_.",
            id="checkup.E002",
        )
    if not settings.STRIPE_WEBHOOK_SECRET:
        yield Error(
            "STRIPE_WEBHOOK_SECRET is missing: payments could be forged, so every webhook would be refused.",
            hint="Copy the signing secret (whsec_…) of the webhook endpoint from Stripe's dashboard.",
            id="checkup.E003",
        )


def _test_money_faults() -> Iterator[CheckMessage]:
    """Yield errors about what pays with no money, or lets anybody say that something was paid."""
    if settings.STRIPE_API_BASE:
        yield Error(
            "STRIPE_SECRET_KEY is missing: the payment stand-in would hand out tests for nothing.",
            hint="Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.",
            id="checkup.E007",
        )
        return
    if settings.STRIPE_SECRET_KEY.startswith(TEST_KEY_PREFIXES):
        yield Error(
            "STRIPE_SECRET_KEY is a test key: kits would leave for test cards, which pay nothing.",
            hint="Use the live key, sk_live_… or rk_live_…; a trial runs with cms.settings.dev and DEBUG=0.",
            id="checkup.E016",
        )
    secrets = [secret.strip() for secret in settings.STRIPE_WEBHOOK_SECRET.split(",") if secret.strip()]
    if STANDIN_WEBHOOK_SECRET in secrets:
        yield Error(
            "STRIPE_WEBHOOK_SECRET is the stand-in's, which everybody knows: payments could be forged.",
            hint="Copy the signing secret (whsec_…) of the webhook endpoint from Stripe's dashboard.",
            id="checkup.E017",
        )
    elif not all(WEBHOOK_SECRET.fullmatch(secret) for secret in secrets):
        yield Error(
            "STRIPE_WEBHOOK_SECRET is no signing secret of Stripe's: every webhook would be refused.",
            hint="It begins with whsec_ and goes on with letters and digits; two with a comma between.",
            id="checkup.E018",
        )
