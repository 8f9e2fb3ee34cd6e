from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from shop.backoffice.cases import views
from shop.backoffice.confirming import OrderConfirmView
from shop.backoffice.discounts import views as discount_screens
from shop.backoffice.filters import (
    CaseFilterSet,
    IdentityIndexView,
    OrderFilterSet,
    OutboxFilterSet,
    StripeEventFilterSet,
)
from shop.backoffice.mail import outbox
from shop.backoffice.mail.wordings import WordingViewSet
from shop.backoffice.orders import (
    disputes,
    index,
    link,
    privacy,
    receipts,
    refunds,
)
from shop.backoffice.orders import (
    views as order_screen,
)
from shop.backoffice.payments import events
from shop.cases.models import Case
from shop.discounts.models import DiscountCode
from shop.mail.models import OutboxMail
from shop.orders.models import ConsentText, Order
from shop.payments.models import WebhookEvent


class RecordViewSet(ModelViewSet):
    """A list and a screen, without forms."""

    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    exclude_form_fields: list[str] = []
    index_template_name = "backoffice/index.html"


class OrderViewSet(RecordViewSet):
    name = "orders"
    model = Order
    icon = "clipboard-list"
    menu_label = _("Orders")
    list_display = index.ORDER_COLUMNS
    filterset_class = OrderFilterSet
    search_fields = ["code", "email", "buyer_name"]
    ordering = ["-created_at", "-id"]
    list_per_page = 50
    export_filename = "orders"
    index_view_class = index.OrderIndexView
    inspect_view_class = order_screen.OrderInspectView
    inspect_template_name = "backoffice/order.html"

    @property
    def dispatch_view(self):
        return self.construct_view(order_screen.OrderDispatchView, **self.get_inspect_view_kwargs())

    @property
    def note_view(self):
        return self.construct_view(order_screen.OrderNoteView, **self.get_inspect_view_kwargs())

    def _confirming(self, view_class: type[OrderConfirmView]):
        kwargs = {**self.get_inspect_view_kwargs(), "template_name": "backoffice/confirm.html"}
        return self.construct_view(view_class, **kwargs)

    @property
    def erase_view(self):
        kwargs = {**self.get_inspect_view_kwargs(), "template_name": "backoffice/erase.html"}
        return self.construct_view(privacy.OrderEraseView, **kwargs)

    @property
    def refund_view(self):
        kwargs = {**self.get_inspect_view_kwargs(), "template_name": "backoffice/refund.html"}
        return self.construct_view(refunds.OrderRefundView, **kwargs)

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("refund/<int:pk>/", self.refund_view, name="refund"),
            path(
                "return-payment/<int:pk>/<int:payment_pk>/",
                self._confirming(refunds.ReturnPaymentView),
                name="return_payment",
            ),
            path("export/<int:pk>/", privacy.export_buyer, name="export"),
            path("erase/<int:pk>/", self.erase_view, name="erase"),
            path("dispatch/<int:pk>/", self.dispatch_view, name="dispatch"),
            path("note/<int:pk>/", self.note_view, name="note"),
            path("cancel/<int:pk>/", self._confirming(order_screen.OrderCancelView), name="cancel"),
            path("renew-link/<int:pk>/", self._confirming(link.RenewLinkView), name="renew_link"),
            path("receipt/<int:pk>/", receipts.receipt_pdf, name="receipt"),
            path("release/<int:pk>/<int:hold_pk>/", disputes.release_order, name="release"),
        ]


class CaseViewSet(RecordViewSet):
    name = "cases"
    model = Case
    icon = "warning"
    menu_label = _("Cases")
    list_display = views.CASE_COLUMNS
    filterset_class = CaseFilterSet
    search_fields = ["reference"]
    ordering = ["-created_at", "-id"]
    list_per_page = 50
    index_view_class = views.CaseIndexView
    inspect_view_class = views.CaseInspectView
    inspect_template_name = "backoffice/case.html"

    @property
    def menu_url(self):
        """What still waits; the ended ones are a filter away."""
        return f"{super().menu_url}?{views.UNSOLVED_QUERY}"

    @property
    def end_view(self):
        return self.construct_view(views.CaseEndView, **self.get_inspect_view_kwargs())

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("take/<int:pk>/", views.take_case, name="take"),
            path("hand-back/<int:pk>/", views.hand_back_case, name="hand_back"),
            path("end/<int:pk>/", self.end_view, name="end"),
        ]


class OutboxViewSet(RecordViewSet):
    name = "outbox"
    model = OutboxMail
    icon = "mail"
    menu_label = _("Outbox")
    list_display = outbox.MAIL_COLUMNS
    filterset_class = OutboxFilterSet
    search_fields = ["reference", "recipient", "subject"]
    ordering = ["-created_at", "-pk"]
    list_per_page = 50
    index_view_class = outbox.MailIndexView
    inspect_view_class = outbox.MailInspectView
    inspect_template_name = "backoffice/mail.html"

    @property
    def resend_view(self):
        return self.construct_view(outbox.MailResendView, **self.get_inspect_view_kwargs())

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("body/<int:pk>/", outbox.mail_body, name="body"),
            path("resend/<int:pk>/", self.resend_view, name="resend"),
            path("cancel/<int:pk>/", outbox.cancel_mail, name="cancel"),
        ]


class StripeEventViewSet(RecordViewSet):
    name = "payment-events"
    model = WebhookEvent
    icon = "history"
    menu_label = _("Stripe events")
    list_display = events.EVENT_COLUMNS
    filterset_class = StripeEventFilterSet
    search_fields = ["event_id", "object_id", "kind"]
    ordering = ["-received_at", "-pk"]
    list_per_page = 50
    index_view_class = IdentityIndexView
    inspect_view_class = events.EventInspectView
    inspect_template_name = "backoffice/event.html"

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("retry/<int:pk>/", events.retry_event, name="retry"),
        ]


class ConsentTextViewSet(ModelViewSet):
    name = "consent-texts"
    model = ConsentText
    icon = "doc-full"
    menu_label = _("Consent texts")
    list_display = ["kind", "version", "created_at"]
    ordering = ["kind", "-version"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["kind", "version", "text", "created_at"]
    add_to_reference_index = False
    panels = [FieldPanel("kind"), FieldPanel("version"), FieldPanel("text")]


class DiscountCodeViewSet(ModelViewSet):
    name = "discount-codes"
    model = DiscountCode
    icon = "tag"
    menu_label = _("Discount codes")
    index_view_class = discount_screens.DiscountCodeIndexView
    list_display = discount_screens.CODE_COLUMNS
    filterset_class = discount_screens.DiscountCodeFilterSet
    search_backend_name = None
    search_fields = ["code"]
    ordering = ["-created_at", "-pk"]
    copy_view_enabled = False
    add_to_reference_index = False
    edit_handler = discount_screens.CODE_EDIT_HANDLER


class ShopViewSetGroup(ViewSetGroup):
    menu_label = _("Shop")
    menu_icon = "clipboard-list"
    menu_order = 200
    items = (
        OrderViewSet("orders"),
        CaseViewSet("cases"),
        OutboxViewSet("outbox"),
        WordingViewSet("mail-texts"),
        StripeEventViewSet("payment-events"),
        DiscountCodeViewSet("discount-codes"),
        ConsentTextViewSet("consent-texts"),
    )
