from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.payments import gateway, inbox
from shop.payments.models import EventState


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store and handle an event from Stripe. Return 400 if it is not signed, 500 if it must be sent again."""
    try:
        text = gateway.verify_event(request.body, request.headers.get("Stripe-Signature", ""))
    except gateway.BadSignature:
        return HttpResponse("Bad signature", status=400, content_type="text/plain")
    row = inbox.handle(inbox.keep(text).pk)
    if row.state == EventState.FAILED:
        return HttpResponse("Not handled, please send it again", status=500, content_type="text/plain")
    return HttpResponse("OK", content_type="text/plain")
