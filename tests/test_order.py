"""What a transactional test leaves behind is of no concern to the next, whatever the order."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize("time", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_finds_what_the_migrations_wrote(time: int) -> None:
    assert Page.get_first_root_node() is not None
    assert Group.objects.filter(name="Staff").exists()
    # As any other row would, it must not outlive this test.
    Group.objects.create(name="Left behind")


@pytest.mark.django_db
def test_so_does_the_test_that_follows() -> None:
    assert Page.get_first_root_node() is not None
    assert not Group.objects.filter(name="Left behind").exists()
