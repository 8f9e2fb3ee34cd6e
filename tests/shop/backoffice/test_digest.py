"""The daily mail that tells staff how much waits."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from shop.backoffice.digest import send_digest
from shop.backoffice.tasks import send_staff_digest
from shop.cases import actions
from shop.cases.actions import open_case
from shop.cases.models import Case, CaseKind
from shop.mail.models import MailState, OutboxMail
from shop.mail.undeliverable import open_mail_case
from shop.orders.holds import place_hold
from shop.orders.models import HoldKind, Order, OrderStatus
from shop.payments.models import EventState, WebhookEvent
from tests.factories.shop import make_order, make_package, make_ready_to_sell, make_site_settings
from tests.shop.payments.test_races import at_once

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)


def digests() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(kind="staff_digest").order_by("pk"))


def open_aged(kind: CaseKind, days: int, **changes) -> Case:
    """Make a case that was opened so many days before NOW."""
    case = open_case(
        kind, **{"reference": f"order:{kind}-{days}", "reason": "Ada Buyer's thyroid", **changes}
    )
    Case.objects.filter(pk=case.pk).update(created_at=NOW - timedelta(days=days, minutes=1))
    return case


@pytest.mark.django_db
class TestDigest:
    def test_it_counts_cases_by_kind_with_the_oldest_and_overdue_ones(self, db):
        make_site_settings()
        open_aged(CaseKind.DISPUTE, 1, due_at=NOW - timedelta(hours=1))
        open_aged(CaseKind.DISPUTE, 4, due_at=NOW + timedelta(days=3))
        open_aged(CaseKind.MONEY_TO_RETURN, 9)
        ended = open_aged(CaseKind.REFUND_FAILED, 20)
        actions.close(ended.pk, "Done", get_user_model().objects.create_user("ada"))

        mail = send_digest(NOW)

        assert mail.recipient == "orders@checkup.example"
        assert mail.subject == "What waits on 25 Nov 2026"
        lines = mail.text_body.replace("\xa0", " ").splitlines()
        assert "Dispute: 2, 1 overdue; oldest 4 days" in lines
        assert "Money to return: 1; oldest 1 week" in lines
        assert "Refund failed" not in mail.text_body + mail.html_body
        assert reverse("wagtailadmin_home") in mail.html_body

    def test_it_is_of_the_sites_day(self, db, settings):
        make_site_settings()
        open_aged(CaseKind.DISPUTE, 1)
        settings.TIME_ZONE = "Europe/Berlin"

        with timezone.override("Pacific/Honolulu"):
            mail = send_digest(NOW.replace(hour=23))

        assert mail.reference == "digest:2026-11-26"
        assert mail.subject == "What waits on 26 Nov 2026"

    def test_it_counts_orders_and_mails_that_are_tried_again_and_names_nobody(self, paid_order):
        OutboxMail.objects.filter(kind="order_received").update(attempt_count=2)
        open_aged(CaseKind.MONEY_TO_RETURN, 1, reference=paid_order.reference)

        mail = send_digest(NOW)

        for words in (
            "1 paid order to dispatch",
            "1 mail is tried again",
        ):
            assert words in mail.text_body
        package = paid_order.lines.get()
        for secret in (
            paid_order.code, paid_order.email, "Ada Buyer", "thyroid", package.name, package.sku,
        ):  # fmt: skip
            assert secret not in mail.subject + mail.text_body + mail.html_body

    def test_what_has_a_case_is_told_until_the_case_is_ended(self, paid_order):
        Order.objects.filter(pk=paid_order.pk).update(status=OrderStatus.DISPATCHED)
        OutboxMail.objects.filter(kind="order_paid").update(state=MailState.REFUSED)
        event = WebhookEvent.objects.create(
            event_id="evt_1", kind="x", payload={}, state=EventState.SET_ASIDE
        )
        cases = [
            open_mail_case(OutboxMail.objects.get(kind="order_paid"), "Refused for good"),
            open_case(CaseKind.FAILED_EVENT, reference=f"event:{event.pk}", reason="Unknown"),
        ]
        words = send_digest(NOW).text_body
        assert "Mail cannot be delivered: 1" in words
        assert "Payment message not handled: 1" in words

        for case in cases:
            actions.close(case.pk, "Done", get_user_model().objects.create_user(f"by-{case.kind}"))

        assert send_digest(NOW + timedelta(days=1)) is None

    def test_nothing_is_sent_when_nothing_waits_for_staff(self, db):
        make_site_settings()
        make_order()

        assert send_digest(NOW) is None
        assert digests() == []

    def test_an_order_that_must_not_leave_is_not_to_be_dispatched(self, paid_order):
        place_hold(paid_order, HoldKind.DISPUTE)

        assert send_digest(NOW) is None

    def test_it_says_why_the_shop_does_not_sell_while_something_is_offered(self, db):
        make_site_settings()
        make_ready_to_sell()
        Page.objects.get(slug="terms").delete()
        assert send_digest(NOW) is None

        make_package()

        assert (
            "The shop does not sell. Nobody can read the terms of sale: publish" in send_digest(NOW).text_body
        )

    def test_nothing_is_sent_without_an_address(self, db):
        make_site_settings(staff_email="")
        open_aged(CaseKind.DISPUTE, 1)

        assert send_digest(NOW) is None

    def test_a_day_has_one_digest_and_the_next_day_another(self, db):
        make_site_settings()
        open_aged(CaseKind.DISPUTE, 1)

        first = send_digest(NOW)
        assert send_digest(NOW + timedelta(hours=17)) == first
        assert send_digest(NOW + timedelta(hours=18)) != first

        assert [mail.reference for mail in digests()] == ["digest:2026-11-25", "digest:2026-11-26"]

    def test_beat_sends_it(self, db, settings):
        make_site_settings()
        open_case(CaseKind.DISPUTE, reference="order:AB12CD34", reason="A dispute")
        planned = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
        assert send_staff_digest.name in planned

        send_staff_digest()

        assert digests()[0].reference == f"digest:{timezone.localdate():%Y-%m-%d}"


@pytest.mark.django_db(transaction=True)
class TestTwoBeats:
    @pytest.fixture(autouse=True)
    def something_waits(self):
        make_site_settings()
        open_case(CaseKind.DISPUTE, reference="order:AB12CD34", reason="A dispute")

    def test_at_once_they_send_one_digest(self):
        answers = at_once(4, lambda _number: send_digest(NOW).pk)

        assert set(answers) == {digests()[0].pk}
        assert len(digests()) == 1

    @pytest.mark.postgres
    def test_control_without_the_unique_constraint_they_send_more(self):
        constraint = next(
            found for found in OutboxMail._meta.constraints if found.name == "one_mail_per_occasion"
        )
        with connection.schema_editor() as editor:
            editor.remove_constraint(OutboxMail, constraint)
        try:
            at_once(4, lambda _number: send_digest(NOW), table="cases_case")
            assert len(digests()) > 1
        finally:
            OutboxMail.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(OutboxMail, constraint)
