"""One copy of a public page serves every anonymous reader, until something that it shows has changed."""

import gzip
import pickle

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from redis import Redis
from wagtail.models import PageViewRestriction

from cms.core.models import SiteSettings
from cms.page_cache import middleware
from cms.page_cache.caches import PlainData, next_database
from cms.page_cache.middleware import PRIVATE, PageCacheMiddleware, accepts_gzip, public_page
from cms.users.models import User
from tests.factories.shop import make_package
from tests.factories.site import make_article, make_home, make_package_page, make_plain_page

pytestmark = pytest.mark.django_db


def test_two_strangers_get_the_same_bytes():
    url = make_plain_page().url
    first = Client(headers={"user-agent": "Alpha"}).get(url)
    second = Client(headers={"user-agent": "Beta", "accept-language": "fr"})
    second.cookies["basket"] = "somebody's"
    assert second.get(url).content == first.content


def test_campaign_and_origin_parameters_do_not_change_a_page():
    url = make_plain_page().url
    assert Client().get(f"{url}?from=12&utm_source=mail").content == Client().get(url).content


def test_a_public_page_carries_a_validator_and_no_trace_of_a_reader():
    response = Client().get(make_article().url)
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=300"
    assert response["Vary"] == "Accept-Encoding"
    assert response["ETag"].startswith('W/"')
    assert not response.cookies
    assert b"csrf" not in response.content


def test_an_unchanged_page_is_answered_with_304():
    url = make_plain_page().url
    tag = Client().get(url)["ETag"]
    again = Client().get(url, headers={"if-none-match": tag})
    assert again.status_code == 304
    assert again.content == b""
    assert again["Cache-Control"] == "public, max-age=0, s-maxage=300"


def test_the_second_reader_costs_no_query():
    url = make_plain_page().url
    Client().get(url)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(url).status_code == 200
    assert not queries.captured_queries


@pytest.mark.parametrize("parameter", ["q=tired", "kind=article", "page=7", "p=2", "x=%F0%9F%98%80"])
def test_a_parameter_that_a_page_does_not_use_costs_nothing(parameter: str):
    url = make_plain_page().url
    Client().get(url)
    kept = set(cache._cache)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(f"{url}?{parameter}").status_code == 200
    assert not queries.captured_queries
    assert set(cache._cache) == kept


def test_what_readers_make_up_takes_no_more_than_the_slots(monkeypatch):
    make_home()
    monkeypatch.setattr(middleware, "SLOTS", 3)
    Client().get("/search/")
    kept = len(cache._cache)
    for number in range(12):
        Client().get(f"/search/?q=word{number}")
        Client().get("/search/", headers={"host": f"testserver:{1000 + number}"})
    assert len(cache._cache) <= kept + 3


def test_a_slot_never_answers_for_another_address(monkeypatch):
    make_home()
    monkeypatch.setattr(middleware, "SLOTS", 1)
    for word in ("iron", "liver", "iron"):
        assert f"“{word}”" in Client().get(f"/search/?q={word}").content.decode()
    assert b"Search results" not in Client().get("/search/").content


def test_a_page_that_uses_a_parameter_keeps_each_answer():
    make_home()
    first = Client().get("/search/?q=iron")
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/search/?utm_source=mail&q=iron").content == first.content
    assert not queries.captured_queries


def test_the_compressed_copy_holds_the_same_page():
    url = make_plain_page().url
    plain = Client().get(url)
    packed = Client().get(url, headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, br", False),
        ("br", False),
        ("", False),
        ("gzip;q=1.2.3", True),
        ("gzip;q=.", True),
    ],
)
def test_gzip_is_used_only_where_it_is_taken(header: str, takes: bool):
    assert accepts_gzip(header) is takes


def test_publishing_purges(django_capture_on_commit_callbacks):
    page = make_plain_page(title="Old words")
    assert "Old words" in Client().get(page.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "New words"
        page.save_revision().publish()
    assert "New words" in Client().get(page.url).content.decode()


def test_unpublishing_purges(django_capture_on_commit_callbacks):
    page = make_plain_page()
    Client().get(page.url)
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert Client().get(page.url).status_code == 404


def test_a_draft_does_not_purge(django_capture_on_commit_callbacks):
    page = make_plain_page()
    first = Client().get(page.url)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        page.title = "Not yet"
        page.save_revision()
    assert not [callback for callback in callbacks if callback.__name__ == "start_new_version"]
    assert Client().get(page.url).content == first.content


def test_a_new_price_purges(django_capture_on_commit_callbacks):
    package = make_package(price_amount=9900)
    page = make_package_page(package)
    assert "$99" in Client().get(page.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        package.price_amount = 10500
        package.save()
    assert "$105" in Client().get(page.url).content.decode()


def test_new_site_settings_purge(django_capture_on_commit_callbacks):
    page = make_plain_page()
    Client().get(page.url)
    with django_capture_on_commit_callbacks(execute=True):
        settings = SiteSettings.for_site(page.get_site())
        settings.footer_notice = "Said to everybody"
        settings.save()
    assert "Said to everybody" in Client().get(page.url).content.decode()


def test_a_restricted_page_is_never_shared(django_capture_on_commit_callbacks):
    page = make_plain_page(introduction="Only for some")
    Client().get(page.url)
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=page, restriction_type="password", password="open sesame")
    response = Client().get(page.url)
    assert "Only for some" not in response.content.decode()
    assert "public" not in response["Cache-Control"]


def test_an_editor_gets_a_page_of_their_own():
    url = make_plain_page().url
    stranger = Client().get(url)
    editor = Client()
    editor.force_login(User.objects.create_superuser("editor", "editor@checkup.example", "long-enough-word"))
    response = editor.get(url)
    assert response["Cache-Control"] == PRIVATE
    assert "wagtail-userbar" in response.content.decode()
    assert "wagtail-userbar" not in stranger.content.decode()
    assert Client().get(url).content == stranger.content


def test_a_preview_is_not_answered_from_the_copy():
    page = make_plain_page(title="Published words")
    Client().get(page.url)
    page.title = "Words in draft"
    assert "Words in draft" in page.make_preview_request().content.decode()
    assert "Published words" in Client().get(page.url).content.decode()


def test_head_answers_like_get_without_keeping_an_empty_copy():
    url = make_plain_page().url
    head = Client().head(url)
    assert head["Cache-Control"].startswith("public")
    assert len(Client().get(url).content) > 0


def test_a_missing_page_is_not_declared_public():
    make_home()
    assert "public" not in Client().get("/nowhere/").get("Cache-Control", "")


def with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("mine")
    response.set_cookie("me", "1")
    return response


def with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def with_vary(request: HttpRequest) -> HttpResponse:
    return HttpResponse("mine", headers={"Vary": "Cookie"})


@pytest.mark.parametrize("view", [with_cookie, with_token, with_vary])
def test_what_is_personal_is_not_shared_even_when_declared_public(view, caplog):
    middleware = PageCacheMiddleware(public_page()(view))
    response = middleware(RequestFactory().get("/"))
    assert response["Cache-Control"] == PRIVATE
    assert "declared public but" in caplog.text


def test_a_dead_cache_costs_speed_not_the_page(settings):
    url = make_plain_page().url
    settings.CACHES = {
        "default": {
            "BACKEND": "cms.page_cache.caches.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    assert Client().get(url).status_code == 200


@pytest.fixture
def redis_cache(settings, redis_url: str) -> Redis:
    """Use the site's cache on a real server, as a server has it, and return the way in beside it."""
    settings.CACHES = {
        "default": {
            "BACKEND": "cms.page_cache.caches.ForgivingRedisCache",
            "LOCATION": next_database(redis_url),
            "OPTIONS": {"serializer": "cms.page_cache.caches.PlainData"},
        }
    }
    server = Redis.from_url(next_database(redis_url))
    server.flushdb()
    return server


def test_what_redis_keeps_is_plain_data_and_serves_the_second_reader(redis_cache: Redis):
    url = make_article().url
    first = Client().get(url)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(url).content == first.content
    assert not queries.captured_queries
    kept = [redis_cache.get(key) for key in redis_cache.keys("*")]
    assert len(kept) >= 3  # the cache version, what every page shows, and this page
    assert not [value for value in kept if value.startswith(b"\x80\x05")]  # how a pickle begins
    assert all(PlainData().loads(value) for value in kept)


class Poison:
    def __reduce__(self):
        return exec, ("raise SystemExit('the cache ran code')",)


def test_code_in_the_cache_is_not_run(redis_cache: Redis):
    url = make_plain_page().url
    first = Client().get(url)
    for key in redis_cache.keys("*"):
        redis_cache.set(key, pickle.dumps(Poison()))
    assert Client().get(url).content == first.content
