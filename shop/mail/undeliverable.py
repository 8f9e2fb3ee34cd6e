"""Tells staff once of a mail that does not arrive, and takes it back when somebody has sent it again."""

from django.utils.translation import gettext as _

from cms.users.models import User
from shop.cases.actions import close, open_case
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
    cases = Case.objects.filter(kind=CaseKind.UNDELIVERABLE_MAIL, reference=case_reference(mail)).unsolved()
    for case_id in list(cases.values_list("pk", flat=True)):
        close(case_id, _("The mail was sent again."), user)


def case_reference(mail: OutboxMail) -> str:
    """How a case names the mail."""
    return build_reference(ReferenceKind.MAIL, mail.pk)
