"""Editors word the mails: with a preview, without reaching anything else, and with a way back."""

import re

import pytest
from django.urls import reverse

from shop.mail.models import MailWording
from shop.mail.rendering import render
from shop.mail.wordings import WORDINGS

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/mail-texts/order_paid/"
CONTEXT = {"order_code": "AB12CD34", "order_url": "https://x.example/", "buyer_name": "Jo", "total": "$9"}


@pytest.fixture
def editor(client, person_of):
    """Return a client in which an editor is logged in."""
    client.force_login(person_of("Editors"))
    return client


def words(**changes: str) -> dict[str, str]:
    """Return the form as an editor sees it at first, with these changes."""
    shipped = WORDINGS["order_paid"]
    texts = {
        part: str(getattr(shipped, part)) for part in ("subject", "heading", "before", "button", "after")
    }
    return {**texts, **changes}


def test_an_editor_finds_every_mail_with_its_placeholders(editor):
    assert "/admin/mail-texts/" in editor.get("/admin/").content.decode()
    page = editor.get("/admin/mail-texts/").content.decode()
    for kind in WORDINGS:
        assert reverse("mail-texts:edit", args=[kind]) in page
        shown = editor.get(reverse("mail-texts:edit", args=[kind])).content.decode()
        for placeholder in WORDINGS[kind].placeholders:
            assert f"<code>{{{placeholder.name}}}</code>" in shown


@pytest.mark.parametrize("group", ["Clinical reviewers", "Staff"])
@pytest.mark.parametrize("address", ["/admin/mail-texts/", ADDRESS, f"{ADDRESS}preview/"])
def test_other_groups_see_and_change_nothing(client, person_of, group, address):
    client.force_login(person_of(group))

    for response in (client.get(address), client.post(address, words(subject="Mine"))):
        assert (response.status_code, response.url) == (302, "/admin/")
    assert not MailWording.objects.exists()
    assert "/admin/mail-texts/" not in client.get("/admin/").content.decode()


def test_an_administrator_may_too(admin_client):
    admin_client.post(ADDRESS, words(subject="Thank you"))

    assert MailWording.objects.get().subject == "Thank you"


@pytest.mark.parametrize("kind", WORDINGS)
def test_every_mail_has_a_whole_preview(editor, kind):
    preview = editor.get(reverse("mail-texts:edit", args=[kind])).context["preview"]

    assert preview.subject
    assert not re.search(r"\{\w+\}", preview.subject + preview.text)
    assert re.search(r'<a class="button"[^>]* style="', preview.html)


def test_saved_words_stand_in_the_next_mail_and_say_who_wrote_them(editor):
    editor.post(
        ADDRESS, words(subject="Thank you for {order_code}", before="Dear {buyer_name},\r\n\r\nthanks.")
    )

    wording = MailWording.objects.get()
    mail = render("order_paid", CONTEXT)
    assert (wording.changed_by.username, wording.heading, wording.button) == ("editors", "", "")
    assert mail.subject == "Thank you for AB12CD34"
    assert "Dear Jo,\n\nthanks." in mail.text
    assert str(WORDINGS["order_paid"].heading) in mail.text


@pytest.mark.parametrize("bad", ["{order.__class__}", "{nobody}", "{order_code!r}", "{total"])
@pytest.mark.parametrize("part", ["subject", "before"])
def test_an_unknown_placeholder_is_refused_with_the_field_marked_and_nothing_lost(editor, part, bad):
    response = editor.post(ADDRESS, words(**{part: f"Hello {bad}", "heading": "My own heading"}))

    page = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [part]
    assert re.search(rf'id="id_{part}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_{part}"', page)
    assert f"Hello {bad}" in page
    assert "My own heading" in page
    assert not MailWording.objects.exists()


def test_the_preview_shows_html_and_text_of_an_example_and_saves_nothing(editor):
    response = editor.post(ADDRESS, words(before="Dear <b>{buyer_name}</b>", action="preview"))

    page = response.content.decode()
    preview = response.context["preview"]
    assert "Dear &lt;b&gt;Alex Example&lt;/b&gt;" in preview.html
    assert "Dear <b>Alex Example</b>" in preview.text
    assert re.search(r'<iframe[^>]* sandbox srcdoc="[^"]*Alex Example', page)
    assert not MailWording.objects.exists()


def test_the_preview_that_follows_the_typing_answers_the_same(editor):
    answer = editor.post(f"{ADDRESS}preview/", words(subject="For {order_code}")).json()
    refused = editor.post(f"{ADDRESS}preview/", words(subject="For {nobody}"))

    assert answer["subject"] == "For K7QM4XPR"
    assert "Alex Example" in answer["html"]
    assert "Alex Example" in answer["text"]
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["subject"])


def test_the_shipped_words_come_back_by_a_button(editor):
    editor.post(ADDRESS, words(subject="Thank you"))
    assert "Restore the shipped words" in editor.get(ADDRESS).content.decode()

    page = editor.post(ADDRESS, words(subject="Never saved", action="restore"), follow=True).content.decode()

    assert not MailWording.objects.exists()
    assert render("order_paid", CONTEXT).subject == "Payment received for order AB12CD34"
    assert "Restore the shipped words" not in page


def test_words_that_equal_the_shipped_ones_are_not_kept(editor):
    editor.post(ADDRESS, words(before=words()["before"].replace("\n", "\r\n"), subject=""))

    assert not MailWording.objects.exists()


def test_words_that_a_later_release_cannot_use_cost_no_mail_and_can_be_mended(editor):
    MailWording.objects.create(kind="order_paid", subject="{no_longer_offered}")

    assert render("order_paid", CONTEXT).subject == "Payment received for order AB12CD34"
    page = editor.get(ADDRESS)
    assert (page.status_code, page.context["preview"]) == (200, None)


def test_a_kind_that_no_mail_has_is_not_found(editor):
    assert editor.get("/admin/mail-texts/nothing/").status_code == 404
