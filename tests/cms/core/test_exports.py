"""Spreadsheets that the admin gives out: no cell of any is a formula, and a list without one says so."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from django.urls import get_resolver
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect

from cms.core.exports import safe_cell
from cms.users.models import User


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+353 86 123",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\nx",
        "  =1",
        "\u200b=1",
        "\ufeff=1",
        "\x00=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM",
        "−1",
        '=HYPERLINK("https://evil.example")',
    ],
)
@pytest.mark.parametrize("export_format", ["csv", "xlsx"])
def test_what_begins_like_a_formula_begins_with_an_apostrophe(text, export_format):
    assert safe_cell(text, export_format).startswith("'")


@pytest.mark.parametrize(
    ("text", "safe"),
    [("a;=1+1", "a;'=1+1"), ("a\n@SUM(A1)", "a\n'@SUM(A1)"), ("a;\t＝1", "a;\t'＝1")],
)
def test_nor_does_another_cell_of_a_file_that_is_cut_elsewhere(text, safe):
    assert safe_cell(text, "csv") == safe


@pytest.mark.parametrize(
    "value", ["", "Ada O’Brien", "1=1", "a-b@example.org", "a; b", -5, -1.5, None, "'=1", "🙂 = 1"]
)
def test_everything_else_stays_as_it_is(value):
    assert safe_cell(value, "csv") == value
    assert safe_cell(value, "xlsx") == value


def test_a_control_character_does_not_break_the_file():
    assert safe_cell("a\x0bb\x07", "xlsx") == "a b"


@pytest.mark.parametrize("export_format", ["csv", "xlsx"])
def test_a_moment_stands_in_it_as_on_the_screen(settings, export_format):
    settings.TIME_ZONE = "Pacific/Auckland"
    moment = datetime(2026, 11, 28, 11, 30, 59, 999, tzinfo=UTC)

    cell = SpreadsheetExportMixin().preprocess_field_value("ordered", moment, export_format)

    assert cell == datetime(2026, 11, 29, 0, 30, 59)


def test_wagtails_own_exports_are_safe_too(admin_client):
    Redirect.objects.create(old_path="/a", redirect_link="=HYPERLINK(1)")
    address = "/admin/redirects/"

    response = admin_client.get(address, {"export": "csv"})
    (row,) = csv.DictReader(StringIO(response.getvalue().decode()))
    assert "'=HYPERLINK(1)" in row.values()

    sheet = load_workbook(BytesIO(admin_client.get(address, {"export": "xlsx"}).getvalue())).active
    assert "'=HYPERLINK(1)" in [cell.value for cell in list(sheet.rows)[1]]


def test_nobody_writes_cells_past_the_safe_function():
    """Who overrides what is mended here would give out formulas again."""

    def heirs(view: type) -> set[type]:
        return {view, *(each for heir in view.__subclasses__() for each in heirs(heir))}

    assert get_resolver().url_patterns  # they load every view
    assert len(heirs(SpreadsheetExportMixin)) > 10
    for view in heirs(SpreadsheetExportMixin) - {SpreadsheetExportMixin}:
        assert (
            not {"preprocess_field_value", "get_heading", "stream_csv", "write_xlsx"} & vars(view).keys()
        ), view


@pytest.mark.django_db
@pytest.mark.parametrize("export_format", ["csv", "xlsx"])
def test_every_list_of_the_admin_gives_a_file_or_says_that_it_has_none(admin_client, export_format):
    User.objects.filter(username="admin").update(first_name="=1+1")
    lists = admin_lists()
    assert {"/admin/orders/", "/admin/outbox/", "/admin/users/", "/admin/reports/site-history/"} <= lists
    for address in sorted(lists):
        response = admin_client.get(address, {"export": export_format})
        assert response.status_code == 200, address
        if response["Content-Type"].startswith("text/html"):
            assert "This list cannot be downloaded." in response.content.decode(), address
            continue
        rows = cells_of(response, export_format)
        assert all(rows[0]), address
        assert not [cell for row in rows for cell in row if str(cell).startswith("=")], address


def cells_of(response, export_format: str) -> list[list]:
    if export_format == "csv":
        return list(csv.reader(StringIO(response.getvalue().decode())))
    sheet = load_workbook(BytesIO(response.getvalue())).active
    return [[cell.value for cell in row] for row in sheet.rows]


def admin_lists() -> set[str]:
    """Return the address of every view of the admin that can export and needs no number in its address."""
    found = set()

    def walk(patterns, prefix: str) -> None:
        for pattern in patterns:
            address = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, address)
            elif "<" not in address and "(" not in address:
                view = getattr(pattern.callback, "view_class", None)
                if view and issubclass(view, SpreadsheetExportMixin):
                    found.add(f"/{address}")

    walk(get_resolver().url_patterns, "")
    return {address for address in found if not address.endswith("results/")}
