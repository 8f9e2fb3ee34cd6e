"""Release an order that a person has looked at."""

from django.db import transaction
from django.utils.translation import gettext as _

from cms.users.models import User
from shop.cases import actions
from shop.cases.models import Case, CaseKind
from shop.orders.holds import release_hold
from shop.orders.locks import lock_order
from shop.orders.models import Hold, HoldKind, OrderNote
from shop.payments.models.disputes import Dispute, DisputeState


class ReleaseRefused(Exception):
    """The hold must stay, or stands no more; the text says which."""


def may_be_released(hold: Hold) -> bool:
    """Return whether a person may decide it: a fraud warning, or a dispute that ended undecided."""
    if hold.kind == HoldKind.FRAUD_WARNING:
        return True
    return Dispute.objects.filter(provider_id=hold.occasion, state=DisputeState.PREVENTED).exists()


@transaction.atomic
def release_by_staff(hold_id: int, *, user: User, reason: str) -> None:
    """Release the hold and close its case; the timeline says who, a note on the order says why.

    The reason is a note because people write names into free text, and notes are erased with the order's
    personal data. Raise ReleaseRefused, with nothing written, or Hold.DoesNotExist.
    """
    found = Hold.objects.get(pk=hold_id)
    order = lock_order(found.order_id)
    if not reason.strip():
        raise ReleaseRefused(_("Please say why the order may leave."))
    if not may_be_released(found):
        raise ReleaseRefused(_("An open or lost dispute holds the order back; nobody can release it here."))
    if not release_hold(order, HoldKind(found.kind), occasion=found.occasion, user=user):
        raise ReleaseRefused(_("It was released before."))
    OrderNote.objects.create(order=order, author=user, text=reason.strip())
    case = Case.objects.filter(
        kind=CaseKind.FRAUD_WARNING, reference=order.reference, occasion=found.occasion
    ).first()
    if case:
        actions.close(case.pk, _("Looked at and let go"), user)
