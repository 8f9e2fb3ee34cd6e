"""What needs a person: opened once by whatever noticed it, taken by somebody, and closed with an outcome."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.users.models import User
from shop.cases.models import Case, CaseAct, CaseEntry, CaseKind, CaseState


def open_case(
    kind: CaseKind,
    *,
    reference: str,
    reason: str,
    occasion: str = "",
    data: dict | None = None,
    due_at: datetime | None = None,
) -> Case:
    """Open the case of this kind about this reference and occasion, or find the first one; return it.

    Call it in the transaction that makes it necessary.
    """
    existing = Case.objects.filter(reference=reference, kind=kind, occasion=occasion)
    if case := existing.first():
        return case
    try:
        with transaction.atomic():
            return Case.objects.create(
                kind=kind,
                reference=reference,
                occasion=occasion,
                reason=reason[:250],
                data=data or {},
                due_at=due_at,
            )
    except IntegrityError:
        # Another transaction wrote it between our look and our insert.
        return existing.get()


@transaction.atomic
def take(case_id: int, user: User) -> bool:
    """Mark who deals with it; return False when somebody else has it or it is closed.

    One statement looks and writes, so of two people at once one gets it.
    """
    waiting = Case.objects.filter(pk=case_id, state=CaseState.OPEN)
    if not waiting.update(state=CaseState.TAKEN, taken_by=user):
        return False
    _note(case_id, CaseAct.TAKEN, user)
    return True


@transaction.atomic
def put_back(case_id: int, user: User) -> bool:
    """Give a case that this person took back to the others; return False when it is not theirs."""
    theirs = Case.objects.filter(pk=case_id, state=CaseState.TAKEN, taken_by=user)
    if not theirs.update(state=CaseState.OPEN, taken_by=None):
        return False
    _note(case_id, CaseAct.HANDED_BACK, user)
    return True


def close(case_id: int, outcome: str, user: User) -> bool:
    """End a case with how it ended, by a person; return False when it was closed before."""
    return _close(case_id, outcome, user)


def resolve(kind: CaseKind, *, reference: str, occasion: str = "", outcome: str) -> bool:
    """End a case because its reason is gone; return False when there is none that is open."""
    about = Case.objects.filter(kind=kind, reference=reference, occasion=occasion).unsolved()
    case_id = about.values_list("pk", flat=True).first()
    return case_id is not None and _close(case_id, outcome, None)


def resolve_all(*kinds: CaseKind, reference: str, outcome: str, user: User | None = None) -> int:
    """End every case of these kinds about this reference, whatever its occasion; return how many there were.

    `user` is the person whose act it is; without one the reason is gone by itself.
    """
    about = Case.objects.unsolved().filter(kind__in=kinds, reference=reference)
    return sum(_close(case_id, outcome, user) for case_id in list(about.values_list("pk", flat=True)))


@transaction.atomic
def _close(case_id: int, outcome: str, user: User | None) -> bool:
    closed = (
        Case.objects.filter(pk=case_id)
        .unsolved()
        .update(state=CaseState.CLOSED, outcome=outcome[:250], closed_by=user, closed_at=timezone.now())
    )
    if closed:
        _note(case_id, CaseAct.CLOSED, user)
    return bool(closed)


def _note(case_id: int, act: CaseAct, user: User | None) -> None:
    CaseEntry.objects.create(case_id=case_id, act=act, user=user)
