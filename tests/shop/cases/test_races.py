"""Everybody takes the same case at the same moment, on real connections.

The control takes the condition out of the statement that looks and writes: then more than one gets the case.
"""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from shop.cases import actions
from shop.cases.models import Case, CaseAct, CaseEntry, CaseKind
from tests.shop.payments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6
CONDITION = ' AND "cases_case"."state" = %s'


@pytest.fixture
def people() -> list:
    return [get_user_model().objects.create_user(f"person-{number}") for number in range(PEOPLE)]


@pytest.fixture
def case() -> Case:
    return actions.open_case(CaseKind.MONEY_TO_RETURN, reference="order:AB12CD34", reason="Paid twice")


def without_the_condition(execute, sql, params, many, context):
    """Django's hook around each statement."""
    return execute(sql.replace(CONDITION, " AND %s IS NOT NULL"), params, many, context)


def take_at_once(case: Case, people: list) -> list:
    return at_once(PEOPLE, lambda number: actions.take(case.pk, people[number]), table="cases_case")


def test_one_of_all_who_take_a_case_at_once_gets_it(case, people):
    answers = take_at_once(case, people)

    case.refresh_from_db()
    assert sorted(answers) == [False] * (PEOPLE - 1) + [True]
    assert case.taken_by == people[answers.index(True)]
    assert CaseEntry.objects.get(act=CaseAct.TAKEN).user == case.taken_by


def test_control_without_the_condition_more_than_one_gets_it(case, people):
    def take(number: int) -> bool:
        with connection.execute_wrapper(without_the_condition):
            return actions.take(case.pk, people[number])

    answers = at_once(PEOPLE, take, table="cases_case")

    assert answers.count(True) > 1


def test_a_case_that_all_end_at_once_ends_once(case, people):
    answers = at_once(PEOPLE, lambda number: actions.close(case.pk, f"By {number}", people[number]))

    case.refresh_from_db()
    assert sorted(answers) == [False] * (PEOPLE - 1) + [True]
    assert case.closed_by == people[answers.index(True)]
    assert CaseEntry.objects.filter(act=CaseAct.CLOSED).count() == 1


def test_a_case_that_all_open_at_once_is_one():
    def open_one(number: int) -> int:
        return actions.open_case(CaseKind.LATE_ORDER, reference="order:X", reason=str(number)).pk

    answers = at_once(PEOPLE, open_one)

    assert set(answers) == {Case.objects.get().pk}
