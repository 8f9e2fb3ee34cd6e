"""What `manage.py prepare` may put into a database."""

import pytest
from django.core.management import call_command

from articles.models import ArticlePage
from shop.catalogue.models import Package

pytestmark = pytest.mark.django_db


def test_a_real_server_gets_no_demo_content(settings):
    """Its containers run the command too, before the web process starts."""
    settings.ENVIRONMENT = "production"
    call_command("prepare", verbosity=0)
    assert not Package.objects.exists()
    assert not ArticlePage.objects.exists()
