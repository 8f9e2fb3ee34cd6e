"""How a stand-in is set up, and when it must not start."""

from collections.abc import Mapping
from dataclasses import dataclass

# Known to everybody: they guard nothing but pretended payments.
SECRET_KEY = "sk_test_standin"  # noqa: S105 - opens only this stand-in
WEBHOOK_SECRET = "whsec_standin"  # noqa: S105 - signs only its events
# Stripe tries for three days. A tester who restarts the shop wants the webhook within seconds.
RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)


@dataclass(frozen=True)
class Configuration:
    """
    One stand-in's settings.

    `port` 0 takes any free port. `public_url` is where a browser finds the stand-in, where that differs
    from host and port (in containers); `known_at` are further addresses, at which the shop finds it. Without
    `webhook_url` events are kept and not sent.
    """

    host: str = "127.0.0.1"
    port: int = 8021
    store: str = ":memory:"
    webhook_url: str | None = None
    webhook_secret: str = WEBHOOK_SECRET
    secret_key: str = SECRET_KEY
    public_url: str | None = None
    known_at: tuple[str, ...] = ()
    retry_seconds: tuple[float, ...] = RETRY_SECONDS
    seed: int | None = None


def refusal(configuration: Configuration, environment: Mapping[str, str]) -> str | None:
    """Return why this stand-in must not start here, in one line, or None."""
    if environment.get("DJANGO_SETTINGS_MODULE", "").endswith(".production"):
        return "The payment stand-in does not start with production settings (DJANGO_SETTINGS_MODULE)."
    if environment.get("CHECKUP_ENVIRONMENT", "").lower() == "production":
        return "The payment stand-in does not start with CHECKUP_ENVIRONMENT=production."
    if not configuration.secret_key.startswith("sk_test_"):
        return "The payment stand-in takes only a secret key that begins with sk_test_."
    return None
