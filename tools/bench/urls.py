from django.http import HttpRequest, HttpResponse
from django.urls import path

from cms import urls


def trivial(request: HttpRequest) -> HttpResponse:
    """Respond without a query: what Django and this project's middleware cost by themselves."""
    return HttpResponse("ok")


urlpatterns = [path("bench/trivial/", trivial), *urls.urlpatterns]
