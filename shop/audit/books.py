"""The audit: every rule over the books as they are at one moment, and a case for each kind of finding."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.audit import documents, kits, mails, money, orders, provider, scarce
from shop.audit.rules import MAX_FINDINGS, Finding, Rule
from shop.cases.actions import open_case, resolve_all
from shop.cases.models import Case, CaseKind
from shop.references import ReferenceKind, build_reference

logger = logging.getLogger(__name__)

RULES: tuple[Rule, ...] = (
    *orders.RULES,
    *kits.RULES,
    *money.RULES,
    *scarce.RULES,
    *documents.RULES,
    *mails.RULES,
)
# What is younger may still be under way between Stripe and the shop.
GRACE = timedelta(hours=1)
# In a case; the command names them all.
MAX_FINDINGS_IN_CASE = 20

Result = dict[Rule, list[Finding]]


def audit(rules: Sequence[Rule], now: datetime | None = None) -> Result:
    """Return each rule's findings, at most MAX_FINDINGS, at one moment of the database where it can.

    A rule that fails itself is a finding: the others go on.
    """
    now = now or timezone.now()
    with _one_moment():
        return {rule: _found(rule, now) for rule in rules}


def _found(rule: Rule, now: datetime) -> list[Finding]:
    try:
        return list(islice(rule.check(now), MAX_FINDINGS))
    except Exception as error:
        logger.exception("The rule %s could not be checked", rule.name)
        return [Finding("the audit", f"could not be checked: {type(error).__name__}")]


@contextmanager
def _one_moment() -> Iterator[None]:
    """Give all rules one snapshot: an order that is paid meanwhile is not half paid.

    Only on PostgreSQL, where reading in a transaction stops no writer. A database error would end it for all.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def note_in_cases(result: Result, now: datetime | None = None) -> None:
    """Open a case for each kind of finding, and end it when nothing of its kind is found any more.

    What somebody has seen and ended is not opened again for the same things.
    """
    now = now or timezone.now()
    for rule, findings in result.items():
        reference = build_reference(ReferenceKind.AUDIT, rule.name)
        open_cases = Case.objects.unsolved().filter(kind=CaseKind.BOOKS, reference=reference)
        if not findings:
            resolve_all(CaseKind.BOOKS, reference=reference, outcome=_("It adds up again"))
        elif not open_cases.exists():
            _open(rule, findings, reference, now)


def _open(rule: Rule, findings: list[Finding], reference: str, now: datetime) -> None:
    lines = [f"{finding.subject}: {finding.what}" for finding in findings]
    last = Case.objects.filter(kind=CaseKind.BOOKS, reference=reference).order_by("-created_at").first()
    if last and set(lines) <= set(last.data.get("findings", [])):
        return
    count = ngettext("%(count)d finding", "%(count)d findings", len(lines)) % {"count": len(lines)}
    open_case(
        CaseKind.BOOKS,
        reference=reference,
        occasion=f"{now:%Y-%m-%d %H:%M:%S.%f}",
        reason=f"{rule.title} ({count}): {'; '.join(lines)}",
        data={"rule": rule.name, "remedy": rule.remedy, "findings": lines[:MAX_FINDINGS_IN_CASE]},
    )


def audit_and_note(since: datetime, *, until: datetime | None = None) -> Result:
    """Run the whole audit with Stripe's lists since then, and open cases. Raise gateway.PaymentUnavailable.

    Without Stripe's answer the shop's own books are compared first all the same.
    """
    own = audit(RULES)
    note_in_cases(own)
    with_stripe = audit(provider.rules_for(provider.ask(since, until or timezone.now() - GRACE)))
    note_in_cases(with_stripe)
    return own | with_stripe
