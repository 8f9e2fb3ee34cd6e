"""One order with everything staff need, and the buttons that act on it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.views import generic

from cms.core.money import format_money
from cms.users.models import User
from shop.backoffice.cases.views import cases_panel
from shop.backoffice.confirming import OrderConfirmView
from shop.backoffice.discounts.views import discount_rows
from shop.backoffice.orders import receipts
from shop.backoffice.orders.disputes import dispute_panel
from shop.backoffice.orders.forms import DispatchForm, NoteForm
from shop.backoffice.orders.kits import kits_panel
from shop.backoffice.orders.privacy import privacy_panel
from shop.backoffice.orders.refunds import refund_panel
from shop.backoffice.orders.wording import buyer_of, state_of
from shop.mail.models import OutboxMail
from shop.orders.carriers import CARRIERS
from shop.orders.models import Order, OrderStatus, TimelineEntry
from shop.orders.timeline import sentence
from shop.orders.transitions import TransitionRefused, can_be_cancelled, dispatch
from shop.payments.cancelling import cancel_unpaid
from shop.payments.gateway import PaymentRefused, PaymentUnavailable
from shop.payments.order_states import ShownState, with_shown_state

ADD_NOTE = "orders.add_ordernote"


def staff_user(request: HttpRequest) -> User:
    """Who is logged in; the admin lets nobody else reach a screen. Raises PermissionDenied."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class OrderInspectView(generic.InspectView):
    page_title = _("Order")
    template_name = "backoffice/order.html"

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
        return staff_user(self.request).has_perm("orders.change_order")

    def get_context_data(self, **kwargs):
        order = self.object
        panel = dispute_panel(order, staff_user(self.request))
        return {
            **super().get_context_data(**kwargs),
            "order": order,
            "state": state_of(order),
            "dispute_panel": panel,
            "cases": cases_panel(order, staff_user(self.request)),
            "mails": OutboxMail.objects.filter(reference=order.reference).order_by("created_at"),
            "lines": _lines_of(order),
            "discount": discount_rows(order),
            "kits": kits_panel(order, ShownState(order.shown_state)),
            "timeline": [_timeline_row(entry) for entry in order.timeline.all()],
            "may_dispatch": self.may_act and order.status == OrderStatus.PAID and not panel.holds,
            "may_cancel": self.may_act and can_be_cancelled(order),
            "dispatch_form": kwargs.get("dispatch_form") or DispatchForm(),
            "carriers": CARRIERS,
            "receipts": receipts.receipts_panel(order, staff_user(self.request)),
            "refund_panel": refund_panel(order, staff_user(self.request)),
            "may_renew_link": self.may_act and order.erased_at is None,
            "privacy": privacy_panel(order, staff_user(self.request)),
            "may_note": staff_user(self.request).has_perm(ADD_NOTE),
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


def _timeline_row(entry: TimelineEntry) -> dict:
    return {
        "text": sentence(entry),
        "created_at": entry.created_at,
        "actor": entry.user or entry.get_actor_display(),
    }


class OrderDispatchView(OrderInspectView):
    """Dispatches a paid order; a mistake shows the order again with what was typed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_act:
            raise PermissionDenied
        form = DispatchForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(dispatch_form=form), status=422)
        try:
            dispatch(
                self.object.pk,
                form.cleaned_data["carrier"],
                form.cleaned_data["tracking_number"],
                user=staff_user(request),
            )
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("Order %(code)s is dispatched. The customer gets a mail.") % {"code": self.object.code},
            )
        return redirect(reverse("orders:inspect", args=[self.object.pk]))


class OrderNoteView(OrderInspectView):
    """Adds a note; a mistake shows the order again with what was typed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        author = staff_user(request)
        if not author.has_perm(ADD_NOTE):
            raise PermissionDenied
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(note_form=form), status=422)
        form.instance.order = self.object
        form.instance.author = author
        form.save()
        messages.success(request, _("The note is kept."))
        return redirect(reverse("orders:inspect", args=[self.object.pk]))


class OrderCancelView(OrderConfirmView):
    """Cancels an unpaid order, unless Stripe says that it was paid meanwhile."""

    page_title = _("Cancel this order")
    permission = "orders.change_order"
    yes = _("Yes, cancel this order")
    no = _("No, keep it")

    def refusal(self) -> str:
        if can_be_cancelled(self.object):
            return ""
        return gettext(
            "Only an order that awaits its payment, or cost nothing and has not left, can be cancelled."
        )

    def consequence(self) -> str:
        if not self.object.total_amount:
            return gettext(
                "Order %(code)s of %(buyer)s, which cost nothing, ends: no kit is sent, and what it took of "
                "a stock or a discount code is free again. Nobody can undo it. The customer gets no mail."
            ) % {"code": self.object.code, "buyer": buyer_of(self.object)}
        return gettext(
            "Order %(code)s of %(buyer)s over %(total)s ends: nobody can pay it any more, and what it kept "
            "of a stock or a discount code is free again. Nobody can undo it. The customer gets no mail."
        ) % {"code": self.object.code, "buyer": buyer_of(self.object), "total": self.object.total}

    def act(self, user: User) -> None:
        code = {"code": self.object.code}
        try:
            is_cancelled = cancel_unpaid(self.object.pk, user=user)
        except TransitionRefused as refusal:
            messages.error(self.request, str(refusal))
        except PaymentUnavailable:
            messages.error(
                self.request, _("Stripe cannot be reached, so nothing was cancelled. Please try again.")
            )
        except PaymentRefused as refusal:
            words = _("Stripe does not let the payment end (%(error)s): nothing was cancelled.")
            messages.error(self.request, words % {"error": refusal})
        else:
            if is_cancelled:
                messages.success(self.request, _("Order %(code)s is cancelled.") % code)
            else:
                words = _("The payment had arrived, so order %(code)s was not cancelled.")
                messages.warning(self.request, words % code)
