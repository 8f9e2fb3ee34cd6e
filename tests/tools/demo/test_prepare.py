"""What `manage.py prepare` may put into a database."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command, get_commands

from articles.models import ArticlePage
from cms.core.trial_checks import LOADED_ITEMS_TABLE, LOGINS, PUBLIC_PASSWORD, check_trial_data
from cms.users.models import User
from shop.catalogue.models import Package
from tests.live_site import PROJECT
from tools.check import PRODUCTION
from tools.demo.loading import users
from tools.demo.models import LoadedItem

pytestmark = pytest.mark.django_db


def test_the_demo_is_not_installed_with_production_settings():
    process = subprocess.run(
        [sys.executable, "manage.py", "load_demo"],
        cwd=PROJECT,
        env={**os.environ, **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Unknown command: 'load_demo'" in process.stderr


def test_a_real_server_gets_no_demo_content(monkeypatch):
    """Its containers run the command too, before the web process starts."""
    commands = {name: app for name, app in get_commands().items() if app != "tools.demo"}
    monkeypatch.setattr("cms.core.management.commands.prepare.get_commands", lambda: commands)
    call_command("prepare", verbosity=0)
    assert not Package.objects.exists()
    assert not ArticlePage.objects.exists()


def test_the_demo_is_not_loaded_with_production_settings(settings):
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError, match="invented"):
        call_command("load_demo", verbosity=0)
    assert not Package.objects.exists()


def test_a_real_server_knows_the_demo_that_it_does_not_have(settings):
    assert list(LOGINS) == [login[0] for login in users.LOGINS]
    assert PUBLIC_PASSWORD == settings.DEMO_PASSWORD
    assert LoadedItem._meta.db_table == LOADED_ITEMS_TABLE


def test_the_demo_in_a_real_server_s_database_is_found_when_it_migrates(settings):
    User.objects.create_user("administrator", password=PUBLIC_PASSWORD)
    User.objects.create_user("staff", password="changed since")
    LoadedItem.objects.create(key="package:P1")
    assert check_trial_data(None, databases=["default"]) == []

    settings.ENVIRONMENT = "production"
    refused, warned = check_trial_data(None, databases=["default"])
    assert (refused.id, warned.id) == ("demo.E001", "demo.W001")
    assert "administrator" in refused.msg
    assert "staff" not in refused.msg


def test_a_redis_that_refuses_is_told_in_one_line(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "cms.page_cache.caches.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
    }
    with pytest.raises(CommandError, match="REDIS_URL"):
        call_command("prepare", no_demo=True, verbosity=0)
