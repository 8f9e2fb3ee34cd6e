"""What staff see of what needs a person, and how they take, hand back and end it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cms.users.models import User
from shop.backoffice.cases.help_texts import COMPARE_BY_HAND, HELP_TEXTS
from shop.cases import actions
from shop.cases.actions import open_case
from shop.cases.models import Case, CaseKind, CaseState
from shop.mail.models import OutboxMail
from shop.orders.models import Order
from shop.payments.models import EventState, PaymentState, WebhookEvent
from shop.payments.staff_alerts import payment_occasion
from tests.factories.shop import make_payment

pytestmark = pytest.mark.django_db

LIST = "/admin/cases/"


@pytest.fixture
def case(paid_order) -> Case:
    return open_about(paid_order)


def open_about(order: Order, kind: CaseKind = CaseKind.MONEY_TO_RETURN, **changes) -> Case:
    return open_case(kind, **{"reference": order.reference, "reason": "It was paid twice", **changes})


def ids_in(response) -> set[int]:
    return {case.pk for case in response.context["object_list"]}


def screen(client, case: Case) -> str:
    return client.get(reverse("cases:inspect", args=[case.pk])).content.decode()


def act(client, action: str, case: Case, **data) -> str:
    address = reverse(f"cases:{action}", args=[case.pk])
    return client.post(address, data, follow=True).content.decode()


@pytest.fixture
def colleague(db) -> User:
    user = User.objects.create_user("colleague", password="a-long-password")
    user.groups.add(Group.objects.get(name="Staff"))
    return user


@pytest.mark.either_database
class TestList:
    def test_it_shows_reason_order_due_date_taker_and_outcome(self, staff, paid_order, case, colleague):
        actions.take(case.pk, colleague)
        ended = open_about(paid_order, CaseKind.REFUND_FAILED)
        actions.close(ended.pk, "Paid by bank transfer", colleague)
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(days=3, minutes=1))

        page = staff.get(LIST).content.decode()

        order_screen = reverse("orders:inspect", args=[paid_order.pk])
        for shown in (
            "Money to return", "It was paid twice", paid_order.code, f'href="{order_screen}"',
            "overdue by 3\xa0days", "colleague", "Refund failed", "Paid by bank transfer",
        ):  # fmt: skip
            assert shown in page

    def test_it_filters_by_kind_state_and_taker(self, staff, paid_order, case, colleague):
        taken = open_about(paid_order, CaseKind.DISPUTE)
        actions.take(taken.pk, colleague)
        ended = open_about(paid_order, CaseKind.REFUND_FAILED)
        actions.close(ended.pk, "Done", colleague)

        def shown(**chosen) -> set[int]:
            return ids_in(staff.get(LIST, chosen))

        assert shown() == {case.pk, taken.pk, ended.pk}
        assert shown(kind="dispute") == {taken.pk}
        assert shown(state=["open", "taken"]) == {case.pk, taken.pk}
        assert shown(state="closed") == {ended.pk}
        assert shown(taken_by=colleague.pk) == {taken.pk}

    def test_it_finds_by_order_code_what_is_about_the_order_and_its_mails(self, staff, paid_order, case):
        mail = OutboxMail.objects.get(kind="order_paid")
        bounced = open_case(CaseKind.UNDELIVERABLE_MAIL, reference=f"mail:{mail.pk}", reason="Refused")
        open_case(CaseKind.DISPUTE, reference="order:OTHER", reason="Another order's")

        response = staff.get(LIST, {"q": f" {paid_order.code.lower()} "})

        assert ids_in(response) == {case.pk, bounced.pk}
        assert f"Mail about order {paid_order.code}" in response.content.decode()

    def test_the_menu_leads_to_what_still_waits(self, staff, case):
        assert "/admin/cases/?state=open\\u0026state=taken" in staff.get("/admin/").content.decode()

    def test_a_long_list_costs_as_many_queries_as_a_short_one(
        self, staff, paid_order, case, colleague, django_assert_max_num_queries
    ):
        mail = OutboxMail.objects.get(kind="order_paid")
        open_case(CaseKind.UNDELIVERABLE_MAIL, reference=f"mail:{mail.pk}", reason="Refused")
        event = WebhookEvent.objects.create(event_id="evt_0", kind="x", payload={})
        open_case(CaseKind.FAILED_EVENT, reference=f"event:{event.pk}", reason="Broken")
        staff.get(LIST)
        # All queries of the request: session, user, groups, takers, count, cases, orders, mails, events.
        with django_assert_max_num_queries(14):
            staff.get(LIST)
        for number in range(60):
            taken = open_about(paid_order, occasion=f"{number}")
            actions.take(taken.pk, colleague)
        with django_assert_max_num_queries(14):
            assert len(staff.get(LIST).context["object_list"]) == 50


class TestScreen:
    def test_it_shows_reason_facts_order_and_history(self, staff, paid_order, colleague):
        case = open_about(
            paid_order, data={"dispute": "dp_1"}, due_at=timezone.now() + timedelta(days=2, minutes=5)
        )
        actions.take(case.pk, colleague)
        actions.put_back(case.pk, colleague)

        page = screen(staff, case)

        for shown in (
            "It was paid twice",
            "dp_1",
            paid_order.code,
            "2\xa0days left",
            "Opened",
            "Handed back",
        ):
            assert shown in page

    def test_taking_it_says_who_has_it(self, staff, case):
        page = act(staff, "take", case)

        case.refresh_from_db()
        assert (case.state, case.taken_by.username) == (CaseState.TAKEN, "staff")
        assert "The case is yours" in page
        assert "Take it" not in page
        assert "Hand back" in page

    def test_whoever_comes_second_is_told_who_has_it(self, staff, case, colleague):
        actions.take(case.pk, colleague)
        assert "Take it" not in screen(staff, case)

        page = act(staff, "take", case)

        case.refresh_from_db()
        assert "colleague has this case" in page
        assert case.taken_by == colleague
        assert "Hand back" not in page

    def test_only_the_one_who_has_it_hands_it_back(self, staff, case, colleague):
        actions.take(case.pk, colleague)
        assert "You do not have this case" in act(staff, "hand_back", case)
        actions.put_back(case.pk, colleague)
        act(staff, "take", case)

        act(staff, "hand_back", case)

        case.refresh_from_db()
        assert (case.state, case.taken_by) == (CaseState.OPEN, None)

    def test_it_ends_with_a_note_and_whose_it_is(self, staff, case):
        page = act(staff, "end", case, outcome="Paid by bank transfer")

        case.refresh_from_db()
        assert (case.state, case.outcome, case.closed_by.username) == (
            CaseState.CLOSED,
            "Paid by bank transfer",
            "staff",
        )
        assert "Paid by bank transfer" in page
        assert "How it ended</label>" not in page

    def test_ending_a_payment_that_does_not_match_lets_the_order_be_paid(self, staff, paid_order):
        payment = make_payment(paid_order, state=PaymentState.MISMATCHED)
        case = open_about(
            paid_order,
            CaseKind.PAYMENT_MISMATCH,
            occasion=payment_occasion(payment.pk),
            data={"payment": payment.pk},
        )

        act(staff, "end", case, outcome="Returned by bank transfer")

        payment.refresh_from_db()
        case.refresh_from_db()
        assert payment.state == PaymentState.SET_ASIDE
        assert (case.state, case.outcome) == (CaseState.CLOSED, "Returned by bank transfer")

    @pytest.mark.parametrize("outcome", ["", "   ", "x" * 251])
    def test_it_does_not_end_without_a_note(self, staff, case, outcome):
        response = staff.post(reverse("cases:end", args=[case.pk]), {"outcome": outcome})

        case.refresh_from_db()
        assert response.status_code == 422
        assert case.state == CaseState.OPEN

    def test_an_ended_case_is_not_ended_or_taken_again(self, staff, case, colleague):
        actions.close(case.pk, "First", colleague)

        assert "had ended before" in act(staff, "end", case, outcome="Second")
        assert "has ended already" in act(staff, "take", case)

        case.refresh_from_db()
        assert (case.outcome, case.closed_by) == ("First", colleague)

    def test_a_link_changes_nothing(self, staff, case):
        for action in ("take", "hand_back"):
            assert staff.get(reverse(f"cases:{action}", args=[case.pk])).status_code == 405

    def test_an_unknown_case_is_not_found(self, staff, case):
        assert staff.get(reverse("cases:inspect", args=[case.pk + 1])).status_code == 404
        assert staff.post(reverse("cases:take", args=[case.pk + 1])).status_code == 404


class TestActions:
    @pytest.mark.parametrize("kind", CaseKind)
    def test_every_kind_says_what_to_do_until_it_has_ended(self, staff, paid_order, colleague, kind):
        case = open_about(paid_order, kind, occasion="payment-None")

        assert escape(str(HELP_TEXTS[kind])) in screen(staff, case)

        actions.close(case.pk, "Done", colleague)
        assert escape(str(HELP_TEXTS[kind])) not in screen(staff, case)

    def test_one_event_that_does_not_match_is_compared_by_hand(self, staff, paid_order):
        case = open_about(paid_order, CaseKind.PAYMENT_MISMATCH, occasion="refund:re_1")

        page = screen(staff, case)

        assert escape(str(COMPARE_BY_HAND)) in page
        assert "the customer cannot pay again" not in page

    @pytest.mark.parametrize(("key", "mode"), [("sk_test_1", "test/"), ("sk_live_1", "")])
    def test_a_case_about_a_payment_leads_to_it_at_stripe(self, settings, staff, paid_order, key, mode):
        settings.STRIPE_SECRET_KEY = key
        payment = make_payment(paid_order)
        case = open_about(paid_order, data={"payment": payment.pk, "currency": "USD"})

        page = screen(staff, case)

        assert f"https://dashboard.stripe.com/{mode}payments/{payment.payment_intent_id}" in page
        assert "USD" not in page

    def test_a_dispute_leads_to_stripe_and_to_the_order(self, staff, paid_order):
        page = screen(staff, open_about(paid_order, CaseKind.DISPUTE))

        assert "https://dashboard.stripe.com/test/disputes" in page
        assert "Open the order" in page

    def test_a_failed_event_is_handled_again_from_its_case(self, staff):
        event = WebhookEvent.objects.create(
            event_id="evt_1", kind="checkout.session.completed", payload={}, state=EventState.FAILED
        )
        case = open_case(CaseKind.FAILED_EVENT, reference=f"event:{event.pk}", reason="Broken")

        page = screen(staff, case)

        assert f'action="{reverse("payment-events:retry", args=[event.pk])}"' in page
        assert reverse("payment-events:inspect", args=[event.pk]) in page

    def test_an_event_that_is_gone_breaks_nothing(self, staff):
        case = open_case(CaseKind.FAILED_EVENT, reference="event:4711", reason="Broken")

        page = screen(staff, case)

        assert "payment-events/inspect" not in page
        assert "Handle it again" not in page

    def test_a_mail_is_sent_again_from_its_case_unless_it_was_erased(self, staff, paid_order):
        mail = OutboxMail.objects.get(kind="order_paid")
        case = open_case(CaseKind.UNDELIVERABLE_MAIL, reference=f"mail:{mail.pk}", reason="Refused")

        page = screen(staff, case)
        assert f'action="{reverse("outbox:resend", args=[mail.pk])}"' in page
        assert "Open the order" in page

        OutboxMail.objects.filter(pk=mail.pk).update(text_body="")
        assert "Send it again" not in screen(staff, case)

    def test_whoever_may_not_do_it_gets_no_button(self, staff, paid_order):
        mail = OutboxMail.objects.get(kind="order_paid")
        case = open_case(CaseKind.UNDELIVERABLE_MAIL, reference=f"mail:{mail.pk}", reason="Refused")
        Group.objects.get(name="Staff").permissions.remove(
            Permission.objects.get(codename="change_outboxmail")
        )

        assert "Send it again" not in screen(staff, case)

    def test_an_ended_case_offers_nothing_to_do(self, staff, case, colleague):
        actions.close(case.pk, "Done", colleague)

        assert "Open the order" not in screen(staff, case)


class TestOrderScreen:
    def test_it_shows_the_cases_of_the_order_and_of_its_mails(self, staff, paid_order, case, colleague):
        actions.take(case.pk, colleague)
        mail = OutboxMail.objects.get(kind="order_paid")
        bounced = open_case(CaseKind.UNDELIVERABLE_MAIL, reference=f"mail:{mail.pk}", reason="Refused")
        open_case(CaseKind.DISPUTE, reference="order:OTHER", reason="Of another order")

        page = staff.get(reverse("orders:inspect", args=[paid_order.pk])).content.decode()

        assert reverse("cases:inspect", args=[case.pk]) in page
        assert reverse("cases:inspect", args=[bounced.pk]) in page
        assert "colleague" in page
        assert "Of another order" not in page

    def test_an_order_without_cases_shows_no_panel(self, staff, paid_order):
        page = staff.get(reverse("orders:inspect", args=[paid_order.pk])).content.decode()

        assert 'id="cases"' not in page


class TestPermissions:
    @pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
    def test_other_groups_see_no_case_and_change_none(self, client, person_of, case, group):
        client.force_login(person_of(group))

        for address in (LIST, reverse("cases:inspect", args=[case.pk])):
            response = client.get(address)
            assert (response.status_code, response.url) == (302, "/admin/")
        for action in ("take", "hand_back", "end"):
            client.post(reverse(f"cases:{action}", args=[case.pk]), {"outcome": "Done"})

        case.refresh_from_db()
        assert case.state == CaseState.OPEN

    def test_whoever_may_only_look_gets_no_button_and_is_refused(self, staff, case):
        Group.objects.get(name="Staff").permissions.remove(Permission.objects.get(codename="change_case"))

        page = screen(staff, case)
        for action in ("take", "end"):
            act(staff, action, case, outcome="Done")

        case.refresh_from_db()
        assert "Take it" not in page
        assert "End it" not in page
        assert case.state == CaseState.OPEN

    @pytest.mark.parametrize("action", ["edit", "delete"])
    def test_not_even_an_administrator_edits_or_deletes_a_case(self, admin_client, case, action):
        admin_client.post(reverse(f"cases:{action}", args=[case.pk]), {"reason": "Other"})

        case.refresh_from_db()
        assert case.reason == "It was paid twice"
