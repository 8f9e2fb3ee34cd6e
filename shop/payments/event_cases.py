"""A case for every Stripe event that could not be handled, ended by itself when it is handled after all."""

from django.db.models import Q
from django.utils.translation import gettext as _

from shop.cases.actions import open_case, resolve
from shop.cases.models import Case, CaseKind
from shop.payments.models import WebhookEvent
from shop.references import STRIPE_OBJECTS, ReferenceKind, build_reference

KINDS = (CaseKind.FAILED_EVENT, CaseKind.UNKNOWN_PAYMENT, CaseKind.PAYMENT_MISMATCH)


def open_for(event: WebhookEvent, kind: CaseKind, reason: str) -> None:
    """The event's case, unless there is one about the very dispute or refund that the event tells of."""
    others = [build_reference(kind, event.object_id) for kind in STRIPE_OBJECTS]
    about = Q(reference__in=others) | Q(occasion__in=others) | Q(data__charge=event.object_id)
    if not Case.objects.unsolved().filter(about).exists():
        open_case(kind, reference=_reference(event), reason=reason, data=_facts(event))


def open_for_failure(event: WebhookEvent, error: Exception) -> None:
    """The case of a failed event. An error's words may quote a row, so only its name is kept."""
    reason = _(
        "A payment message could not be handled (%(error)s). Stripe sends it again for three days."
    ) % {"error": type(error).__name__}
    open_case(CaseKind.FAILED_EVENT, reference=_reference(event), reason=reason, data=_facts(event))


def end_for(event: WebhookEvent) -> None:
    """Ends what was opened for the event; call it in the transaction that says that it is done."""
    about = Case.objects.unsolved().filter(reference=_reference(event), kind__in=KINDS)
    for kind in about.values_list("kind", flat=True):
        resolve(CaseKind(kind), reference=_reference(event), outcome=_("The payment message was handled"))


def _reference(event: WebhookEvent) -> str:
    return build_reference(ReferenceKind.EVENT, event.pk)


def _facts(event: WebhookEvent) -> dict:
    return {"event": event.event_id, "kind": event.kind, "object": event.object_id}
