"""What each group may do stands in one table, and a migrated database has just that."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from shop.backoffice import permissions
from shop.backoffice.roles import (
    ADMIN_ACCESS,
    COLLECTION_PERMISSIONS,
    MODEL_PERMISSIONS,
    PAGE_PERMISSIONS,
    make_groups,
)

pytestmark = pytest.mark.django_db


def keys(rows) -> set[tuple[str, str]]:
    """Return the permissions as "app label, code name"."""
    return set(rows.values_list("content_type__app_label", "codename"))


def table_keys(rules) -> set[tuple[str, str]]:
    return {
        (app_label, action if "_" in action else f"{action}_{model}")
        for app_label, model, actions in rules
        for action in actions
    }


def rights() -> dict[str, list]:
    """Everything that each group may do, one row for each right."""
    return {
        group.name: [
            sorted(group.permissions.values_list("content_type__app_label", "codename")),
            sorted(group.page_permissions.values_list("page__depth", "permission__codename")),
            sorted(group.collection_permissions.values_list("collection__depth", "permission__codename")),
        ]
        for group in Group.objects.all()
    }


def test_a_migrated_database_has_the_groups_of_the_table_and_no_others():
    assert {*rights()} == {*MODEL_PERMISSIONS}
    for name, rules in MODEL_PERMISSIONS.items():
        group = Group.objects.get(name=name)
        assert keys(group.permissions) == table_keys([*ADMIN_ACCESS, *rules])
        pages = GroupPagePermission.objects.filter(group=group)
        assert {(found.page.depth, found.permission.codename) for found in pages} == {
            (1, f"{action}_page") for action in PAGE_PERMISSIONS.get(name, [])
        }
        collections = GroupCollectionPermission.objects.filter(group=group)
        assert {(found.collection.depth, found.permission.codename) for found in collections} == {
            (1, codename) for _app, codename in table_keys(COLLECTION_PERMISSIONS.get(name, []))
        }


def test_a_second_call_changes_nothing():
    before, permission_count = rights(), Permission.objects.count()

    make_groups(apps, None)

    assert rights() == before
    assert Permission.objects.count() == permission_count


def test_a_group_loses_what_the_table_does_not_have():
    before = rights()
    Group.objects.get(name="Staff").permissions.set(Permission.objects.filter(codename="delete_order"))
    assert rights() != before

    make_groups(apps, None)

    assert rights() == before


def test_a_permission_is_called_as_its_model_calls_it():
    assert Permission.objects.get(codename="erase_order").name == "Can erase an order's personal data"
    assert Permission.objects.get(codename="add_order").name == "Can add order"


def test_a_slip_in_the_table_is_noticed(monkeypatch):
    monkeypatch.setitem(MODEL_PERMISSIONS, "Staff", [("orders", "order", ["vew"])])

    with pytest.raises(LookupError):
        make_groups(apps, None)


def test_some_group_has_each_permission_that_a_view_asks_for():
    asked = {value for name, value in vars(permissions).items() if name.isupper()}
    granted = {
        f"{app_label}.{codename}"
        for rules in MODEL_PERMISSIONS.values()
        for app_label, codename in table_keys(rules)
    }

    assert asked
    assert asked <= granted
