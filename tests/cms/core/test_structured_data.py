"""JSON-LD that no text can break out of, and that says nothing the page does not show."""

import json

import pytest
from django.test import Client, RequestFactory

from cms.core.structured_data import absolute, as_script, faq_page
from tests.documents import things_of
from tests.factories.site import make_faq_page, make_home, make_plain_page


def test_no_text_ends_the_script_element():
    script = as_script([{"name": "</script><script>alert(1)</script><!-- & ]]>"}])
    assert script.count("</script>") == 1
    assert script.count("<") == 2
    assert json.loads(script.partition(">")[2].rpartition("<")[0])["@graph"][0]["name"].startswith(
        "</script>"
    )


def test_nothing_to_say_prints_nothing():
    assert as_script([]) == ""
    assert faq_page([], "https://checkup.example/") == []


@pytest.mark.django_db
def test_home_names_the_site_and_who_publishes_it():
    make_home()
    things = things_of(Client().get("/").content.decode())
    assert things["Organization"]["name"] == "Checkup"
    assert things["WebSite"]["publisher"] == {"@id": things["Organization"]["@id"]}


@pytest.mark.django_db
def test_breadcrumbs_lead_to_the_page_itself():
    page = make_plain_page(title="About us")
    crumbs = things_of(Client().get(page.url).content.decode())["BreadcrumbList"]["itemListElement"]
    assert [(crumb["position"], crumb["name"]) for crumb in crumbs] == [(1, "Home"), (2, "About us")]
    assert crumbs[1]["item"] == f"http://testserver{page.url}"


@pytest.mark.django_db
def test_questions_are_given_as_text_with_their_addresses():
    page = make_faq_page({"Do I fast?": "<p>Yes.</p><ul><li>Water is <b>fine</b></li></ul>"})
    question = things_of(Client().get(page.url).content.decode())["FAQPage"]["mainEntity"][0]
    assert question["name"] == "Do I fast?"
    assert question["acceptedAnswer"]["text"] == "Yes. Water is fine"
    assert question["url"] == f"http://testserver{page.url}#do-i-fast"


@pytest.mark.django_db
def test_a_preview_says_nothing_to_search_engines():
    assert b"ld+json" not in make_plain_page().make_preview_request().content


def test_an_address_is_made_whole():
    assert absolute("/about/", RequestFactory().get("/")) == "http://testserver/about/"
