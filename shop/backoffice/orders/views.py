"""The list of orders, one order with everything staff need, and the buttons that act on it."""

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from cms.core.money import format_money
from cms.users.models import User
from shop.backoffice.cases.views import cases_panel
from shop.backoffice.orders.display import buyer_display, packages_display, status_display
from shop.backoffice.orders.disputes import dispute_panel
from shop.backoffice.orders.export import OrderExportView
from shop.backoffice.orders.forms import DispatchForm, NoteForm
from shop.backoffice.orders.kits import kits_panel
from shop.backoffice.orders.privacy import privacy_panel
from shop.backoffice.orders.receipts import receipts_panel
from shop.backoffice.orders.refunds import refund_panel
from shop.backoffice.permissions import ADD_NOTE, CHANGE_ORDER
from shop.backoffice.staff_actions import ConfirmView, Outcome, StaffActionMixin, staff_user
from shop.mail.models import OutboxMail
from shop.orders.links import LinkNotRenewed, renew_link
from shop.orders.models import CARRIERS, Order, OrderLine, OrderStatus, TimelineEntry
from shop.orders.search import find_orders
from shop.orders.timeline import sentence
from shop.orders.transitions import TransitionRefused, can_be_cancelled, dispatch
from shop.payments.cancelling import cancel_unpaid
from shop.payments.gateway import PaymentRefused, PaymentUnavailable
from shop.payments.order_states import TO_PACK, ShownState, with_shown_state

ORDER_COLUMNS = [
    "code",
    Column("buyer_name", label=_("Buyer"), accessor=buyer_display, sort_key="buyer_name"),
    StatusTagColumn(
        "state",
        label=_("Status"),
        accessor=status_display,
        sort_key="status",
        primary=lambda order: getattr(order, "shown_state", "") in TO_PACK,
    ),
    Column("packages", label=_("Packages"), accessor=packages_display),
    Column("total", label=_("Total"), sort_key="total_amount"),
    DateColumn("created_at", label=_("Ordered"), sort_key="created_at"),
]


class OrderIndexView(OrderExportView):
    page_title = _("Orders")

    def get_base_queryset(self) -> QuerySet[Order]:
        void = Count("kits", filter=Q(kits__voided_at__isnull=False))
        lines = OrderLine.objects.only("order_id", "sku", "quantity").annotate(void_count=void)
        orders = with_shown_state(super().get_base_queryset())
        return orders.prefetch_related(Prefetch("lines", queryset=lines))

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Find by people, addresses and numbers of parcels and receipts (shop.orders.search)."""
        return find_orders(queryset, self.search_query) if self.is_searching else queryset


class OrderInspectView(generic.InspectView):
    page_title = _("Order")
    template_name = "backoffice/orders/inspect.html"

    def get_object(self, queryset=None) -> Order:
        orders = Order.objects.prefetch_related(
            "lines__origin_page",
            "payments",
            "shipments__dispatched_by",
            "timeline__user",
            "consents__text",
            "notes__author",
        )
        return get_object_or_404(with_shown_state(orders), pk=self.pk)

    @cached_property
    def may_act(self) -> bool:
        return self.request.user.has_perm(CHANGE_ORDER)

    def get_context_data(self, **kwargs):
        order, user = self.object, staff_user(self.request)
        disputes = dispute_panel(order, user)
        return {
            **super().get_context_data(**kwargs),
            "order": order,
            "state": status_display(order),
            "dispute_panel": disputes,
            "cases": cases_panel(order, user),
            "mails": OutboxMail.objects.filter(reference=order.reference).order_by("created_at"),
            "lines": _lines_of(order),
            "discount": _discount_of(order),
            "kits": kits_panel(order, ShownState(order.shown_state)),
            "timeline": [_timeline_row(entry) for entry in order.timeline.all()],
            "may_dispatch": self.may_act and order.status == OrderStatus.PAID and not disputes.holds,
            "may_cancel": self.may_act and can_be_cancelled(order),
            "dispatch_form": kwargs.get("dispatch_form") or DispatchForm(),
            "carriers": CARRIERS,
            "receipts": receipts_panel(order, user),
            "refund_panel": refund_panel(order, user),
            "may_renew_link": self.may_act and order.erased_at is None,
            "privacy": privacy_panel(order, user),
            "may_note": user.has_perm(ADD_NOTE),
            "note_form": kwargs.get("note_form") or NoteForm(),
        }


def _lines_of(order: Order) -> list[dict]:
    return [
        {
            "name": line.name,
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": format_money(line.unit_amount, order.currency),
            "total": format_money(line.total_amount, order.currency),
            "origin_page": line.origin_page,
        }
        for line in order.lines.all()
    ]


def _discount_of(order: Order) -> dict | None:
    """Return what the code took off; None without a discount."""
    if not order.discount_amount:
        return None
    return {
        "code": order.discount_code,
        "before": format_money(order.total_amount + order.discount_amount, order.currency),
        "amount": order.discount,
    }


def _timeline_row(entry: TimelineEntry) -> dict:
    return {
        "text": sentence(entry),
        "created_at": entry.created_at,
        "actor": entry.user or entry.get_actor_display(),
    }


class OrderDispatchView(StaffActionMixin, OrderInspectView):
    """Dispatches a paid order; a mistake shows the order again with what was typed."""

    action_permission = CHANGE_ORDER
    refusals = (TransitionRefused,)
    form_class = DispatchForm
    form_context_name = "dispatch_form"

    def perform(self, user: User, form: DispatchForm) -> Outcome:
        parcel = form.cleaned_data
        dispatch(self.object.pk, parcel["carrier"], parcel["tracking_number"], user=user)
        message = _("Order %(code)s is dispatched. The customer gets a mail.")
        return Outcome(message % {"code": self.object.code})


class OrderNoteView(StaffActionMixin, OrderInspectView):
    """Adds a note; a mistake shows the order again with what was typed."""

    action_permission = ADD_NOTE
    form_class = NoteForm
    form_context_name = "note_form"

    def perform(self, user: User, form: NoteForm) -> Outcome:
        form.instance.order = self.object
        form.instance.author = user
        form.save()
        return Outcome(_("The note is kept."))


class OrderCancelView(ConfirmView):
    """Cancels an unpaid order, unless Stripe says that it was paid meanwhile."""

    page_title = _("Cancel this order")
    action_permission = CHANGE_ORDER
    refusals = (TransitionRefused,)
    confirm_label = _("Yes, cancel this order")
    cancel_label = _("No, keep it")

    @property
    def refusal(self) -> str:
        if can_be_cancelled(self.object):
            return ""
        return gettext(
            "Only an order that awaits its payment, or cost nothing and has not left, can be cancelled."
        )

    @property
    def confirmation_message(self) -> str:
        if not self.object.total_amount:
            return gettext(
                "Order %(code)s of %(buyer)s, which cost nothing, ends: no kit is sent, and what it took of "
                "a stock or a discount code is free again. Nobody can undo it. The customer gets no mail."
            ) % {"code": self.object.code, "buyer": buyer_display(self.object)}
        return gettext(
            "Order %(code)s of %(buyer)s over %(total)s ends: nobody can pay it any more, and what it kept "
            "of a stock or a discount code is free again. Nobody can undo it. The customer gets no mail."
        ) % {"code": self.object.code, "buyer": buyer_display(self.object), "total": self.object.total}

    def perform(self, user: User, form: Any) -> Outcome:
        try:
            is_cancelled = cancel_unpaid(self.object.pk, user=user)
        except PaymentUnavailable:
            message = _("Stripe cannot be reached, so nothing was cancelled. Please try again.")
            return Outcome(message, messages.error)
        except PaymentRefused as refusal:
            message = _("Stripe does not let the payment end (%(error)s): nothing was cancelled.")
            return Outcome(message % {"error": refusal}, messages.error)
        code = {"code": self.object.code}
        if is_cancelled:
            return Outcome(_("Order %(code)s is cancelled.") % code)
        message = _("The payment had arrived, so order %(code)s was not cancelled.")
        return Outcome(message % code, messages.warning)


class RenewLinkView(ConfirmView):
    """Ends the link to the order's page and mails a new one."""

    page_title = _("Send a new link")
    action_permission = CHANGE_ORDER
    refusals = (LinkNotRenewed,)
    confirm_label = _("Yes, send a new link")
    cancel_label = _("No, keep the old one")

    @property
    def confirmation_message(self) -> str:
        return gettext(
            "The link that the customer of order %(code)s has now opens nothing any more, in earlier mails "
            "too. A mail with the new one goes to %(email)s."
        ) % {"code": self.object.code, "email": self.object.email}

    @property
    def refusal(self) -> str:
        if not self.object.erased_at:
            return ""
        return gettext("The personal data of order %(code)s is erased.") % {"code": self.object.code}

    def perform(self, user: User, form: Any) -> Outcome:
        renew_link(self.object.pk, user)
        message = _(
            "Order %(code)s has a new link, and the customer gets it by mail. The old one opens nothing."
        )
        return Outcome(message % {"code": self.object.code})
