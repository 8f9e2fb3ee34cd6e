"""A number lies on its line; a finding in words stands on none."""

import pytest
from django.template.loader import render_to_string
from wagtail.blocks.struct_block import StructBlockValidationError

from shop.catalogue.blocks import SampleResultBlock
from shop.catalogue.sample_report import is_number, sample_result

PLACES = {"position": 20, "low": 0, "high": 50}


def result(value: str, **changes: object) -> dict:
    return {
        "name": "HIV",
        "value": value,
        "position": None,
        "low": None,
        "high": None,
        "meaning": "",
        **changes,
    }


@pytest.mark.parametrize(
    ("position", "meaning"),
    [(10, "below the usual range"), (50, "within the usual range"), (90, "above the usual range")],
)
def test_a_number_says_in_words_where_it_lies(position: int, meaning: str):
    row = sample_result(result("2", position=position, low=30, high=70))
    assert row.line is not None
    assert (row.meaning, row.line.low, row.line.width) == (meaning, 30, 40)


def test_a_line_never_leaves_its_frame():
    line = sample_result(result("2", position=140, low=90, high=-5)).line
    assert line is not None
    assert (line.position, line.low, line.width) == (100, 0, 90)


@pytest.mark.parametrize(
    "value",
    [
        "Not reactive",
        "negative",
        "Not detected (<20)",
        "2+",
        "1:80",
        "1/80",
        "1 : 10",
        "46,XX",
        "A Rh+",
        "β",
    ],
)
def test_a_finding_in_words_stands_on_no_line_even_with_places_of_an_older_version(value: str):
    assert not is_number(value)
    words = result(value, meaning="no sign of it", **PLACES)
    html = render_to_string("catalogue/sample_report.html", {"results": [words]})
    assert "number-line" not in html
    assert "usual range" not in html
    assert f"{value} <small>no sign of it</small>".replace("<20", "&lt;20") in html


@pytest.mark.parametrize(
    "value", ["24 ng/mL", "1.9 mIU/L", "<0.5", "≥ 90 mL/min/1.73 m²", "−3", "5,4 %", ".5 mg/L"]
)
def test_a_number_is_known_with_its_sign_and_unit(value: str):
    assert is_number(value)


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        (result("24 ng/mL", **PLACES), []),
        (result("Not detected", meaning="no sign of it"), []),
        (result("24 ng/mL", position=20), ["low", "high"]),
        (result("Not detected", **PLACES), ["position", "low", "high"]),
    ],
)
def test_an_editor_is_told_what_belongs_to_a_number_and_to_words(value: dict, faults: list[str]):
    block = SampleResultBlock()
    found: list[str] = []
    try:
        block.clean(block.to_python(value))
    except StructBlockValidationError as error:
        found = list(error.block_errors)
    assert found == faults


def test_results_without_a_note_have_nobody_elses():
    html = render_to_string("catalogue/sample_report.html", {"results": [result("Not detected")]})
    assert "Not detected" in html
    assert "Your doctor writes" not in html
    assert "iron" not in html


def test_a_report_without_results_is_a_sample():
    html = render_to_string("catalogue/sample_report.html", {})
    assert "Ferritin" in html
    assert "below the usual range" in html
    assert "Your doctor writes:</b> <bdi>your iron stores" in html
    assert "style=" not in html
