"""The button that gives an order's page a new link."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from cms.users.models import User
from shop.backoffice.confirming import OrderConfirmView
from shop.orders.links import LinkNotRenewed, renew_link


class RenewLinkView(OrderConfirmView):
    """Ends the order's link and mails a new one."""

    page_title = _("Send a new link")
    permission = "orders.change_order"
    yes = _("Yes, send a new link")
    no = _("No, keep the old one")

    def consequence(self) -> str:
        return gettext(
            "The link that the customer of order %(code)s has now opens nothing any more, in earlier mails "
            "too. A mail with the new one goes to %(email)s."
        ) % {"code": self.object.code, "email": self.object.email}

    def refusal(self) -> str:
        if not self.object.erased_at:
            return ""
        return gettext("The personal data of order %(code)s is erased.") % {"code": self.object.code}

    def act(self, user: User) -> None:
        try:
            renew_link(self.object.pk, user)
        except LinkNotRenewed as refusal:
            messages.error(self.request, str(refusal))
        else:
            words = _(
                "Order %(code)s has a new link, and the customer gets it by mail. The old one opens nothing."
            )
            messages.success(self.request, words % {"code": self.object.code})
