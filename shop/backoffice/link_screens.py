"""The button that gives an order's page a new link."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from cms.users.models import User
from shop.orders.links import LinkNotRenewed, renew_link
from shop.orders.models import Order


@require_POST
def renew_order_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the order's link and mails a new one. Raises PermissionDenied for who may not act on orders."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("orders.change_order"):
        raise PermissionDenied
    order = get_object_or_404(Order, pk=pk)
    try:
        renew_link(order.pk, user)
    except LinkNotRenewed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Order %(code)s has a new link, and the customer gets it by mail. The old one opens nothing.")
            % {"code": order.code},
        )
    return redirect(reverse("orders:inspect", args=[order.pk]))
