"""No request and no signed event, however odd, makes the site fall over."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from unittest import mock

import pytest
from django.conf import settings as site_settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cms.wsgi import application
from shop.checkout.baskets import add
from shop.payments.models import WebhookEvent
from tests import odd_input
from tests.factories.shop import make_code, make_order, make_package, make_site_settings
from tests.factories.site import make_article, make_faq_page, make_package_page, make_plain_page
from tools.stripe_standin.events import signature
from tools.stripe_standin.running import running_standin

# The server's database, because it refuses what SQLite takes.
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
# FUZZ_EXAMPLES=500 looks further, with other input at each run.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))


def tried(names: int) -> settings:
    """So many examples for each name that can be made odd, and some for all of them."""
    return settings(
        max_examples=EXAMPLES * (names + 2),
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


DETAILS = {
    "buyer_name": "Jo Sample",
    "email": "jo@example.org",
    "phone": "+1 212 555 0123",
    "person-0-name": "Jo Sample",
    "person-0-date_of_birth_0": "2",
    "person-0-date_of_birth_1": "4",
    "person-0-date_of_birth_2": "1985",
    "person-0-sex_at_birth": "female",
    "address_line_1": "1 Example Street",
    "city": "New York",
    "region": "NY",
    "postal_code": "10001",
    "country": "US",
}
# fmt: off
ADDRESSES = [
    "/", "/articles/", "/articles/{article}/", "/articles/category/symptoms/", "/articles/tag/iron/",
    "/questions/", "/questions/{faq}/", "/health-checks/", "/health-checks/{package}/", "/{plain}/",
    "/search/", "/feed/", "/sitemap.xml", "/robots.txt", "/healthz", "/readyz", "/basket/", "/basket/add/",
    "/basket/change/", "/basket/remove/", "/basket/empty/", "/basket/code/", "/basket/code/remove/",
    "/basket/count/", "/checkout/", "/checkout/return/", "/orders/find/", "/orders/{secret}/",
    "/orders/{secret}/confirm/", "/orders/{secret}/pay/", "/payments/webhook/", "/media/images/x.jpg",
    "/static/css/site.css", "/nowhere/", "/admin/", "/admin/login/", "/admin/password_reset/",
    "/_util/login/",
]
# fmt: on


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker) -> Iterator[dict[str, str]]:
    """Make a shop with one of each; yield what stands in addresses, and what a browser and forms hold."""
    with ExitStack() as stack:
        # Django's client makes its own.
        stack.enter_context(mock.patch("django.test.client.WSGIRequest", application.request_class))
        standin = stack.enter_context(running_standin(webhook_url=None))
        stack.enter_context(
            override_settings(
                STRIPE_SECRET_KEY=standin.secret_key,
                STRIPE_WEBHOOK_SECRET=standin.webhook_secret,
                STRIPE_API_BASE=standin.base_url,
                LIMITS=dict.fromkeys(site_settings.LIMITS, "1000000/hour"),
            )
        )
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(transaction.atomic())
        stack.callback(transaction.set_rollback, True)
        yield made_site()


def made_site() -> dict[str, str]:
    make_site_settings()
    make_code("SPRING")
    article = make_article({"Why?": "<p>Because.</p>"})
    article.tags.add("iron")
    article.save_revision().publish()
    package = make_package()
    basket, _outcome = add(None, package, 1, None)
    return {
        "article": article.slug,
        "faq": make_faq_page({"How long?": "<p>Not long.</p>"}).slug,
        "package": make_package_page(package).slug,
        "plain": make_plain_page().slug,
        "secret": make_order().secret,
        "sku": package.sku,
        "basket": basket.token,
        "line": str(basket.lines.get().pk),
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_parameter_cookie_or_header_makes_an_address_fall_over(address: str, site: dict[str, str]):
    address = address.format(**site)
    fields = form_of(address, site)
    names = odd_input.names_read(address, fields, f"basket={site['basket']}")
    basket = {"basket": site["basket"]}
    for value in odd_input.CLASSIC:
        for name in sorted(names.fields):
            send(address, {**fields, name: value}, basket)
        for name in sorted(names.parameters):
            check("GET", f"{address}?{odd_input.query({name: value})}", HTTP_COOKIE=cookie_header(basket))
        as_cookie = odd_input.quoted_cookie(value.encode("utf-8", "surrogatepass"))
        check("GET", address, HTTP_COOKIE=cookie_header(dict.fromkeys(names.cookies, as_cookie)))
        check("POST", address, HTTP_COOKIE=cookie_header(dict.fromkeys(names.cookies, as_cookie)))

    @tried(len(names.fields | names.parameters | names.cookies))
    @given(data=st.data())
    def falls_over(data: st.DataObject):
        is_form = data.draw(st.sampled_from(ways)) == "form"
        odd = data.draw(some_of(names.fields if is_form else names.parameters, odd_input.STRINGS))
        cookies = {**basket, **data.draw(some_of(names.cookies, odd_input.COOKIES))}
        headers = data.draw(some_of(names.headers, odd_input.HEADERS))
        if is_form:
            send(address, {**fields, **odd}, cookies, data.draw(odd_input.CONTENT_TYPES), **headers)
        else:
            request = f"{address}?{odd_input.query(odd)}"
            headers["CONTENT_TYPE"] = data.draw(odd_input.CONTENT_TYPES)
            check(data.draw(odd_input.METHODS), request, HTTP_COOKIE=cookie_header(cookies), **headers)

    # The more can be made odd, the more often it is tried.
    ways = ["form"] * len(names.fields) + ["parameters"] * (len(names.parameters) + 1)
    falls_over()


def send(
    address: str,
    fields: dict[str, str],
    cookies: dict[str, str],
    kind: str = "application/x-www-form-urlencoded",
    **headers: str,
) -> None:
    """Send a form as a page of this site would."""
    headers = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_COOKIE": cookie_header(cookies), **headers}
    check("POST", address, data=odd_input.query(fields), content_type=kind, **headers)


def cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


@pytest.mark.parametrize(
    ("prefix", "pattern"),
    [
        pytest.param(prefix, pattern, id=f"{prefix}{pattern.pattern}")
        for prefix, pattern in odd_input.public_patterns(get_resolver().url_patterns)
        if pattern.pattern.regex.groups
    ],
)
def test_no_path_makes_its_view_fall_over(prefix: str, pattern, site: dict[str, str]):
    tails = odd_input.STRINGS.map(odd_input.encoded)

    @tried(3)
    @given(path=odd_input.paths(prefix, pattern), tail=tails, method=st.sampled_from(["GET", "POST"]))
    def falls_over(path: str, tail: str, method: str):
        check(method, path, HTTP_SEC_FETCH_SITE="same-origin")
        check(method, f"/{prefix}{tail}", HTTP_SEC_FETCH_SITE="same-origin")
        check(method, f"{path}{tail}/", HTTP_SEC_FETCH_SITE="same-origin")

    falls_over()


EVENT = {
    "id": "evt_1",
    "type": "checkout.session.completed",
    "livemode": False,
    "api_version": "2026-10-28.endive",
    "created": 1,
    "data": {"object": {"id": "cs_test_1", "object": "checkout.session", "metadata": {"order": "A"}}},
}


@tried(30)
@given(event=st.one_of(odd_input.altered(EVENT), odd_input.altered(EVENT).flatmap(odd_input.altered)))
def test_no_event_that_stripe_signed_falls_over_or_is_lost(event: object, site: dict[str, str]):
    body = json.dumps(event).encode()
    with transaction.atomic():
        known = WebhookEvent.objects.count()
        response = Client(raise_request_exception=False).post(
            "/payments/webhook/",
            body,
            content_type="application/json",
            headers={"Stripe-Signature": signature(body, site_settings.STRIPE_WEBHOOK_SECRET)},
        )
        assert response.status_code == 200
        assert WebhookEvent.objects.count() == known + 1
        transaction.set_rollback(True)


def some_of(names: set[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """One, two or three of the names with odd values."""
    if not names:
        return st.just({})
    return st.dictionaries(st.sampled_from(sorted(names)), values, min_size=1, max_size=3)


def form_of(address: str, site: dict[str, str]) -> dict[str, str]:
    """Return what a buyer would send to this address: one odd value then meets the code behind the others."""
    if address == "/checkout/":
        page = Client(headers={"cookie": f"basket={site['basket']}"}).get(address)
        consents = {field.html_name: "on" for field in page.context["forms"].consent}
        return {**DETAILS, **consents, "prices": page.context["summary"].prices}
    return {
        "/basket/add/": {"package": site["sku"], "quantity": "1", "from": "1"},
        "/basket/change/": {"line": site["line"], "quantity": "2"},
        "/basket/remove/": {"line": site["line"]},
        "/basket/code/": {"code": "SPRING"},
        "/orders/find/": {"code": "ABCD1234", "email": "jo@example.org"},
    }.get(address, {})


def check(method: str, address: str, **request) -> None:
    """Assert that the site responds, not with an error of its own. Nothing that the request writes stays."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        response = client.generic(method, address, request.pop("data", ""), **request)
        if response.streaming:
            response.close()
        transaction.set_rollback(True)
    assert response.status_code < 500, f"{method} {address} {request}"
