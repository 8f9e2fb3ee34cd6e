"""The case about a mail that does not arrive, which ends when somebody has sent it again."""

from django.utils.translation import gettext as _

from cms.users.models import User
from shop.cases.actions import open_case, resolve_all
from shop.cases.models import Case, CaseKind
from shop.mail.models import OutboxMail
from shop.references import ReferenceKind, build_reference


def open_mail_case(mail: OutboxMail, reason: str, *, occasion: str = "") -> Case:
    """Open the one case about this mail and return it; call it in the transaction that records the failure.

    The reason is seen by everybody who works on cases: no address and no words of a server belong in it.
    """
    return open_case(
        CaseKind.UNDELIVERABLE_MAIL,
        reference=case_reference(mail),
        occasion=occasion,
        reason=reason,
        data={"mail_kind": mail.kind, "about": mail.reference},
    )


def resolve_mail_cases(mail: OutboxMail, user: User) -> None:
    """End what is open about this mail, because this person has sent it again."""
    resolve_all(
        CaseKind.UNDELIVERABLE_MAIL,
        reference=case_reference(mail),
        outcome=_("The mail was sent again."),
        user=user,
    )


def case_reference(mail: OutboxMail) -> str:
    """Return how a case names the mail."""
    return build_reference(ReferenceKind.MAIL, mail.pk)
