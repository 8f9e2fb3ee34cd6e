import json
import stat

import pytest
from django.core.management import CommandError, call_command

from shop.orders.holds import place_hold
from shop.orders.models import HoldKind
from shop.privacy.erasure import erase_order
from shop.privacy.export import as_json, export_person
from tests.shop.privacy.conftest import BORN, EMAIL, NAME, PACKAGE, REFUNDED, STREET, TESTED, TRACKING, place

pytestmark = pytest.mark.django_db


def is_erased(order) -> bool:
    order.refresh_from_db()
    return order.erased_at is not None


def test_one_order_is_erased_and_said(bought, capsys):
    call_command("erase_person", "--order", bought.code.lower(), "--yes")
    call_command("erase_person", "--order", bought.code, "--yes")

    assert is_erased(bought)
    assert capsys.readouterr().out.splitlines() == [
        f"{bought.code}: erased",
        f"{bought.code}: was erased before",
    ]


def test_a_person_with_an_order_that_is_refused_ends_with_a_failure(bought, package, capsys):
    unpaid = place(package)

    with pytest.raises(CommandError, match=f"{unpaid.code}: .*cancel it first"):
        call_command("erase_person", "--email", EMAIL.upper(), "--yes")

    assert is_erased(bought)
    assert not is_erased(unpaid)


def test_without_the_typed_word_nothing_goes(bought, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _prompt: "y")

    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_person", "--email", EMAIL)

    assert not is_erased(bought)


def test_force_is_needed_for_what_has_not_left(paid):
    with pytest.raises(CommandError, match="dispatched"):
        call_command("erase_person", "--order", paid.code, "--yes")
    assert not is_erased(paid)

    call_command("erase_person", "--order", paid.code, "--yes", "--force", "--cause", "mistake")

    assert is_erased(paid)


@pytest.mark.parametrize("about", [["--order", "NONE"], ["--email", " "]])
def test_nobody_and_nothing_are_said(db, about):
    with pytest.raises(CommandError):
        call_command("erase_person", *about, "--yes")


def test_the_export_holds_everything_and_only_its_owner_can_read_it(bought, tmp_path):
    file = tmp_path / "person.json"

    call_command("export_person", "--email", EMAIL.upper(), "--output", str(file))

    text = file.read_text()
    for held in (
        NAME,
        TESTED,
        STREET,
        TRACKING,
        PACKAGE,
        "Ferritin",
        BORN.isoformat(),
        f"{NAME} rang",
        f"{NAME} waits",
        f"{NAME} does not need",
    ):
        assert held in text
    order = json.loads(text)["orders"][0]
    assert order["payments"][0]["amount"] == 9900
    assert order["refunds"][0]["amount"] == REFUNDED
    assert {mail["kind"] for mail in order["mails"]} >= {"order_received", "order_paid", "order_dispatched"}
    assert len(order["consents"]) == 3
    assert order["basket"][0]["package"] == PACKAGE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_export_holds_what_an_erasure_counts_as_personal(bought):
    place_hold(bought, HoldKind.FRAUD_WARNING, occasion="issfr_1")

    exported = export_person(EMAIL)
    order = exported["orders"][0]

    assert f"SMTPDataError: 451 <{EMAIL}> later" in [
        attempt["error"] for mail in order["mails"] for attempt in mail["attempts"]
    ]
    assert f"KeyError: {EMAIL}" in [message["reason"] for message in order["payment_messages"]]
    assert [(hold["kind"], hold["occasion"]) for hold in order["holds"]] == [("fraud_warning", "issfr_1")]
    assert [asked["code"] for asked in exported["link_requests"]] == ["MSTYPED"]
    assert "traceback" not in as_json(exported)


def test_the_export_writes_over_no_file(bought, tmp_path):
    file = tmp_path / "person.json"
    file.write_text("mine")

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_person", "--email", EMAIL, "--output", str(file))

    assert file.read_text() == "mine"


def test_nothing_is_held_about_an_erased_person(bought, tmp_path):
    erase_order(bought.pk)

    with pytest.raises(CommandError, match="Nothing is held"):
        call_command("export_person", "--email", EMAIL, "--output", str(tmp_path / "person.json"))
