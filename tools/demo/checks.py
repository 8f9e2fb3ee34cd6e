"""What a database of a trial must not bring along to a real server."""

from collections.abc import Iterator, Sequence

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from cms.users.models import User
from tools.demo.loading.users import LOGINS, PUBLIC_PASSWORD
from tools.demo.models import LoadedItem


@register(Tags.database)
def check_trial_data(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Part of `manage.py migrate`, so of every deployment, and of `check --database default`."""
    if settings.ENVIRONMENT != "production" or "default" not in (databases or ()):
        return []
    needed = {User._meta.db_table, LoadedItem._meta.db_table}
    if not needed <= set(connections["default"].introspection.table_names()):
        return []  # before the first migration
    return list(_trial_data())


def _trial_data() -> Iterator[CheckMessage]:
    names = [login[0] for login in LOGINS]
    known = [
        user.get_username()
        for user in User.objects.filter(username__in=names, is_active=True)
        if user.check_password(PUBLIC_PASSWORD)
    ]
    if known:
        yield Error(
            f"Everybody knows the password of {', '.join(sorted(known))}: it is the demo's.",
            hint="Give each another with `manage.py changepassword NAME`, or switch the user off.",
            id="demo.E001",
        )
    if LoadedItem.objects.exists():
        yield Warning(
            "This database holds the demo: its people, texts, prices and tax rates are invented.",
            hint="Begin with an empty database (`manage.py prepare` loads no demo with production settings).",
            id="demo.W001",
        )
