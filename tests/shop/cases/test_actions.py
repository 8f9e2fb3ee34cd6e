import pytest
from django.contrib.auth import get_user_model

from shop.cases import actions
from shop.cases.models import Case, CaseKind, CaseState

pytestmark = pytest.mark.django_db
MONEY = CaseKind.MONEY_TO_RETURN


@pytest.fixture
def people():
    users = get_user_model().objects
    return [users.create_user(name, email=f"{name}@checkup.example") for name in ("ada", "ben")]


def open_one(**changes) -> Case:
    return actions.open_case(
        **{"kind": MONEY, "reference": "order:AB12CD34", "reason": "Paid twice", **changes}
    )


def test_the_same_thing_opens_one_case_and_another_occasion_a_second():
    first = open_one(occasion="payment-1")

    assert open_one(occasion="payment-1", reason="Seen again") == first
    assert open_one(occasion="payment-2") != first
    assert list(Case.objects.order_by("pk").values_list("reason", flat=True)) == ["Paid twice"] * 2


def test_one_person_takes_a_case_and_only_they_put_it_back(people):
    ada, ben = people
    case = open_one()

    assert actions.take(case.pk, ada)
    assert not actions.take(case.pk, ben)
    assert not actions.put_back(case.pk, ben)
    case.refresh_from_db()
    assert (case.state, case.taken_by) == (CaseState.TAKEN, ada)
    assert actions.put_back(case.pk, ada)
    case.refresh_from_db()
    assert (case.state, case.taken_by) == (CaseState.OPEN, None)


def test_a_closed_case_keeps_who_closed_it_and_how_it_ended(people):
    ada, ben = people
    case = open_one()

    assert actions.close(case.pk, "Sent back", ada)
    assert not actions.close(case.pk, "Something else", ben)
    assert not actions.take(case.pk, ben)
    case.refresh_from_db()
    assert (case.state, case.closed_by, case.outcome) == (CaseState.CLOSED, ada, "Sent back")
    assert case.closed_at


def test_a_case_whose_reason_is_gone_ends_by_itself():
    case, other = open_one(occasion="payment-1"), open_one(occasion="payment-2")

    resolved = actions.resolve(
        MONEY, reference="order:AB12CD34", occasion="payment-1", outcome="The money went back"
    )

    assert resolved
    assert list(Case.objects.unsolved()) == [other]
    case.refresh_from_db()
    assert (case.closed_by, case.outcome) == (None, "The money went back")
