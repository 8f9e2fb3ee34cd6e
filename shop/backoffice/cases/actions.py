"""What can be done about a case besides taking and ending it, by its kind."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.users.models import User
from shop.backoffice.cases.related_objects import RelatedObject
from shop.backoffice.payments.views import NEEDS_A_PERSON
from shop.backoffice.permissions import ADD_REFUND, CHANGE_EVENT, CHANGE_MAIL, VIEW_ORDER
from shop.cases.models import Case, CaseKind, CaseState
from shop.mail.models import OutboxMail
from shop.orders.models import Order
from shop.payments.gateway import dashboard_url
from shop.payments.models import Payment, WebhookEvent
from shop.references import ReferenceKind, primary_key_in


@dataclass(frozen=True)
class CaseAction:
    """A link on a case's screen or, where something is done at once, a button that posts there."""

    label: str
    url: str
    is_button: bool = False
    permission: str = ""
    key: UUID | None = None  # tells a second click from a second wish


def actions_for(case: Case, related: RelatedObject, user: User) -> list[CaseAction]:
    """Return what this person can do about the case. A kind without own actions leads to its order."""
    find_actions = CASE_ACTIONS.get(CaseKind(case.kind), open_related)
    actions = [*find_actions(case, related), *_open_payment(case)]
    return [action for action in actions if not action.permission or user.has_perm(action.permission)]


def open_related(case: Case, related: RelatedObject) -> list[CaseAction]:
    """Return links to the order and to what else the case is about."""
    actions = []
    if related.order_id:
        url = reverse("orders:inspect", args=[related.order_id])
        actions.append(CaseAction(_("Open the order"), url, permission=VIEW_ORDER))
    if related.url and related.url not in {action.url for action in actions}:
        actions.append(CaseAction(_("Open what it is about"), related.url))
    return actions


def _open_payment(case: Case) -> list[CaseAction]:
    """Return where Stripe shows the payment that the case is about."""
    payment_id = case.data.get("payment")
    if not isinstance(payment_id, int):
        return []
    name = Payment.objects.filter(pk=payment_id).values_list("payment_intent_id", flat=True).first()
    if not name:
        return []
    url = dashboard_url(f"payments/{name}")
    return [CaseAction(_("Open the payment at Stripe"), url, permission=VIEW_ORDER)]


def _answer_dispute(case: Case, related: RelatedObject) -> list[CaseAction]:
    dashboard = CaseAction(_("Answer in Stripe's dashboard"), dashboard_url("disputes"))
    return [dashboard, *open_related(case, related)]


def _handle_event(case: Case, related: RelatedObject) -> list[CaseAction]:
    actions = open_related(case, related)
    event_id = primary_key_in(case.reference, ReferenceKind.EVENT)
    if event_id is not None and WebhookEvent.objects.filter(pk=event_id, state__in=NEEDS_A_PERSON).exists():
        url = reverse("payment-events:retry", args=[event_id])
        retry = CaseAction(_("Handle it again"), url, is_button=True, permission=CHANGE_EVENT)
        return [retry, *actions]
    return actions


def _return_money(case: Case, related: RelatedObject) -> list[CaseAction]:
    actions = open_related(case, related)
    payment = case.data.get("payment")
    if case.state == CaseState.CLOSED or not related.order_id or not isinstance(payment, int):
        return actions
    url = reverse("orders:return_payment", args=[related.order_id, payment])
    give_back = CaseAction(_("Return the money"), url, permission=ADD_REFUND)
    return [give_back, *actions]


def _open_found_orders(case: Case, related: RelatedObject) -> list[CaseAction]:
    """Return a link to each order that the audit's findings name."""
    codes = {word.strip(":,") for finding in case.data.get("findings", []) for word in finding.split()}
    orders = Order.objects.filter(code__in=codes).order_by("code").values_list("code", "pk")
    return [
        CaseAction(
            _("Open order %(code)s") % {"code": code},
            reverse("orders:inspect", args=[pk]),
            permission=VIEW_ORDER,
        )
        for code, pk in orders
    ]


def _send_mail(case: Case, related: RelatedObject) -> list[CaseAction]:
    actions = open_related(case, related)
    mail_id = primary_key_in(case.reference, ReferenceKind.MAIL)
    # An erased mail has nothing that could be sent.
    if (
        mail_id is not None
        and OutboxMail.objects.filter(pk=mail_id).exclude(recipient="").exclude(text_body="").exists()
    ):
        url = reverse("outbox:resend", args=[mail_id])
        again = CaseAction(_("Send it again"), url, is_button=True, permission=CHANGE_MAIL, key=uuid4())
        return [again, *actions]
    return actions


# What can be done about a kind; the others lead to what they are about.
CASE_ACTIONS: dict[CaseKind, Callable[[Case, RelatedObject], list[CaseAction]]] = {
    CaseKind.BOOKS: _open_found_orders,
    CaseKind.DISPUTE: _answer_dispute,
    CaseKind.FAILED_EVENT: _handle_event,
    CaseKind.MONEY_TO_RETURN: _return_money,
    CaseKind.UNKNOWN_PAYMENT: _handle_event,
    CaseKind.UNDELIVERABLE_MAIL: _send_mail,
}
