"""Tells staff once of a mail that does not arrive, and takes it back when somebody has sent it again."""

from django.utils.translation import gettext as _

from cms.users.models import User
from shop.cases.actions import open_case, resolve_all
from shop.cases.models import Case, CaseKind
from shop.mail.models import OutboxMail
from shop.references import ReferenceKind, build_reference


def tell_staff(mail: OutboxMail, reason: str, *, occasion: str = "") -> Case:
    """The one case about this mail; call it in the transaction that records the failure.

    The reason is seen by everybody who works on cases: no address and no words of a server belong in it.
    """
    return open_case(
        CaseKind.UNDELIVERABLE_MAIL,
        reference=case_reference(mail),
        occasion=occasion,
        reason=reason,
        data={"mail_kind": mail.kind, "about": mail.reference},
    )


def close_cases(mail: OutboxMail, user: User) -> None:
    """Ends what is open about this mail, because this person has sent it again."""
    resolve_all(
        CaseKind.UNDELIVERABLE_MAIL,
        reference=case_reference(mail),
        outcome=_("The mail was sent again."),
        user=user,
    )


def case_reference(mail: OutboxMail) -> str:
    """How a case names the mail."""
    return build_reference(ReferenceKind.MAIL, mail.pk)
