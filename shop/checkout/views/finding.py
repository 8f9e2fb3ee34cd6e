"""Where somebody asks for the link to an order that they have lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.background import nudge
from cms.core.public_forms import public_form
from cms.limits.counting import LimitReached
from cms.limits.responses import with_retry_after
from shop.checkout.forms import FindOrderForm
from shop.checkout.models import LinkRequest
from shop.checkout.notices import Notice, notice_of
from shop.checkout.responses import HttpResponseSeeOther, personal, too_often
from shop.checkout.tasks import answer_link_request
from shop.checkout.throttling import count_finding


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
@personal(has_form=True)
def find(request: HttpRequest) -> HttpResponse:
    """Take an order's code and e-mail address; say the same whether or not they belong together."""
    if request.method != "POST":
        return _page(request, FindOrderForm(), notice_of(request))
    form = FindOrderForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    code, email = form.cleaned_data["code"], form.cleaned_data["email"]
    try:
        count_finding(request, code, email)
    except LimitReached as reached:
        return with_retry_after(_page(request, form, too_often(reached), status=429), reached)
    # A worker looks for the order, so that the time of the answer tells nobody whether there is one.
    nudge(answer_link_request, LinkRequest.objects.create(code=code, email=email).pk)
    return HttpResponseSeeOther(f"{reverse('checkout:find')}?notice=link_asked")


def _page(
    request: HttpRequest, form: FindOrderForm, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "title": _("Find your order"),
        "description": _("Get the link to your order again by e-mail."),
        "robots": "noindex",
        "form": form,
        "notice": notice,
    }
    return render(request, "checkout/find.html", context, status=status)
