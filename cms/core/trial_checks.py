"""What a trial's database must not bring along to a real server, where the demo itself is not installed."""

from collections.abc import Iterator, Sequence

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from cms.users.models import User

# As in tools.demo: its log-ins, their password, and the table of what it has loaded.
LOGINS = ("editor", "reviewer", "staff", "administrator")
PUBLIC_PASSWORD = "checkup-demo-2026"  # noqa: S105 - it stands in the README
LOADED_ITEMS_TABLE = "demo_loadeditem"


@register(Tags.database)
def check_trial_data(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Part of `manage.py migrate`, so of every deployment, and of `check --database default`."""
    if settings.ENVIRONMENT != "production" or "default" not in (databases or ()):
        return []
    tables = connections["default"].introspection.table_names()
    return [
        *(_known_passwords() if User._meta.db_table in tables else ()),
        *(_demo_content() if LOADED_ITEMS_TABLE in tables else ()),
    ]


def _known_passwords() -> Iterator[CheckMessage]:
    known = [
        user.get_username()
        for user in User.objects.filter(username__in=LOGINS, is_active=True)
        if user.check_password(PUBLIC_PASSWORD)
    ]
    if known:
        yield Error(
            f"Everybody knows the password of {', '.join(sorted(known))}: it is the demo's.",
            hint="Give each another with `manage.py changepassword NAME`, or switch the user off.",
            id="demo.E001",
        )


def _demo_content() -> Iterator[CheckMessage]:
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {LOADED_ITEMS_TABLE} LIMIT 1")  # noqa: S608 - our own table's name
        is_loaded = cursor.fetchone() is not None
    if is_loaded:
        yield Warning(
            "This database holds the demo: its people, texts, prices and tax rates are invented.",
            hint="Begin with an empty database (`manage.py prepare` loads no demo with production settings).",
            id="demo.W001",
        )
