"""No door lets passwords be guessed, no stranger locks others out, nothing tells who has an account."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Lock

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.signals import user_login_failed
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from cms.users.models import ResetRequest
from cms.users.tasks import GIVE_UP_AFTER, RETRY_AFTER, send_password_reset, send_password_resets
from shop.mail.models import OutboxMail

pytestmark = pytest.mark.either_database
LOG_IN, READER_LOG_IN, RESET = "/admin/login/", "/_util/login/", "/admin/password_reset/"
RIGHT = "a-good-long-password"
TOO_MANY = "There were too many tries in a short time. Please try again in"


@pytest.fixture
def editor(db):
    user = get_user_model().objects.create_user("editor", "editor@checkup.test", RIGHT)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.fixture
def clock():
    with time_machine.travel(time.time(), tick=False) as stopped:
        yield stopped


def log_in(client, password, username="editor", address="192.0.2.1", door=LOG_IN):
    return client.post(door, {"username": username, "password": password}, REMOTE_ADDR=address)


def wrong(client, clock, times, **given):
    """Return the status codes of so many wrong passwords, typed as slowly as a person types."""
    answers = []
    for number in range(times):
        username = given.get("username", "editor").format(number)
        address = given.get("address", "192.0.2.1").format(number)
        answers.append(log_in(client, "wrong", username, address, given.get("door", LOG_IN)).status_code)
        clock.shift(11)
    return answers


@pytest.mark.parametrize("username", ["editor", "nobody", "inactive"])
@pytest.mark.parametrize("door", [LOG_IN, READER_LOG_IN])
def test_the_sixth_wrong_password_is_refused_alike_for_every_account(client, clock, editor, username, door):
    get_user_model().objects.create_user("inactive", password=RIGHT, is_active=False)

    assert wrong(client, clock, 5, username=username, door=door) == [200] * 5
    refused = log_in(client, RIGHT, username.upper(), door=door)

    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 300
    assert TOO_MANY in refused.text
    assert f'value="{username.upper()}"' in refused.text
    assert "_auth_user_id" not in client.session


def test_a_right_password_gives_its_try_back_and_a_lock_ends(client, clock, editor):
    for _ in range(12):
        assert log_in(client, RIGHT).status_code == 302
        client.logout()
    assert wrong(client, clock, 6) == [200] * 5 + [429]
    clock.shift(300 - 66 - 1)
    assert log_in(client, RIGHT).status_code == 429
    clock.shift(1)
    assert log_in(client, RIGHT).status_code == 302


def test_a_machine_that_takes_a_new_name_each_time_is_stopped_at_its_address(client, clock, editor):
    at_once = [log_in(client, "wrong", f"name-{number}").status_code for number in range(4)]
    assert at_once == [200] * 3 + [429]
    clock.shift(11)
    assert wrong(client, clock, 4, username="later-{}")[-1] == 429
    assert log_in(client, RIGHT, address="192.0.2.2").status_code == 302


def test_strangers_lock_nobody_out_of_their_usual_place(client, clock, editor):
    assert log_in(client, RIGHT).status_code == 302
    client.logout()
    assert wrong(client, clock, 31, address="198.51.100.{}") == [200] * 30 + [429]
    # The same address may be a whole clinic's: what others there do is no matter either.
    others = [log_in(client, "wrong", f"name-{number}").status_code for number in range(4)]
    assert others == [200] * 3 + [429]

    assert log_in(client, RIGHT, address="203.0.113.1").status_code == 429
    assert log_in(client, RIGHT).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize(("limit", "hashed"), [(None, 3), ("1000/hour", 16)], ids=["limited", "control"])
def test_of_sixteen_wrong_passwords_at_once_three_are_hashed(settings, limit, hashed):
    if limit:
        settings.LIMITS = dict.fromkeys(settings.LIMITS, limit)
    barrier, lock, failures = Barrier(16), Lock(), []

    def note(**_given):
        with lock:
            failures.append(1)

    def try_once(_number):
        barrier.wait()
        try:
            return log_in(Client(), "wrong").status_code
        finally:
            connections.close_all()

    user_login_failed.connect(note)
    try:
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(try_once, range(16)))
    finally:
        user_login_failed.disconnect(note)
    assert len(failures) == hashed
    assert sorted(answers) == [200] * hashed + [429] * (16 - hashed)


def messages_waiting(settings) -> int:
    return len(list((Path(settings.VAR_DIR) / "broker" / "messages").glob("*")))


def ask_for_link(client, email="editor@checkup.test", address="192.0.2.1") -> ResetRequest:
    answer = client.post(RESET, {"email": email}, REMOTE_ADDR=address)
    assert (answer.status_code, answer.url) == (302, "/admin/password_reset/done/")
    return ResetRequest.objects.latest("pk")


def test_a_reset_says_and_does_the_same_for_an_unknown_address(
    client, editor, settings, django_capture_on_commit_callbacks
):
    waiting, asked = [], []
    for email in ("editor@checkup.test", "nobody@checkup.test"):
        before = messages_waiting(settings)
        with django_capture_on_commit_callbacks(execute=True):
            asked.append(ask_for_link(client, email))
        waiting.append(messages_waiting(settings) - before)

    assert waiting == [1, 1]
    assert mail.outbox == []

    assert [send_password_reset(request.pk) for request in asked] == [True, True]
    assert not ResetRequest.objects.exists()
    [message] = mail.outbox
    assert message.to == ["editor@checkup.test"]
    link = next(word for word in message.body.split() if "/password_reset/confirm/" in word)
    assert client.get(link.partition("localhost:8000")[2], follow=True).status_code == 200


def test_a_link_to_a_new_password_outlives_a_lost_nudge_and_a_dead_mail_server(
    client, editor, settings, clock, mail_server
):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    mail_server.stop()
    asked = ask_for_link(client)  # nothing is committed in a test, so no worker hears of it
    assert "as soon as they can" in client.get("/admin/password_reset/done/").text

    assert send_password_reset(asked.pk) is False
    assert send_password_reset(asked.pk) is False  # not due: another worker may still be at it
    mail_server.start()
    clock.shift(RETRY_AFTER.total_seconds())
    before = messages_waiting(settings)
    send_password_resets()
    assert messages_waiting(settings) == before + 1
    assert send_password_reset(asked.pk) is True

    [message] = mail_server.messages
    assert "/password_reset/confirm/" in message.get_payload()
    assert not ResetRequest.objects.exists()
    assert not OutboxMail.objects.exists()  # where other staff could read it


def test_a_link_that_cannot_be_sent_for_a_day_is_given_up(client, editor, settings, clock):
    settings.MAIL_TRANSPORT = "nowhere.EmailBackend"
    asked = ask_for_link(client)
    assert send_password_reset(asked.pk) is False
    clock.shift(GIVE_UP_AFTER.total_seconds() + 1)
    assert send_password_reset(asked.pk) is False
    assert not ResetRequest.objects.exists()


@pytest.mark.parametrize("email", ["editor@checkup.test", "nobody@checkup.test"])
def test_nobody_is_drowned_in_reset_mails(client, editor, email):
    def ask(spelling, address):
        return client.post(RESET, {"email": spelling}, REMOTE_ADDR=address)

    assert [ask(email, f"192.0.2.{place}").status_code for place in range(3)] == [302] * 3
    refused = ask(email.upper(), "192.0.2.9")

    assert refused.status_code == 429
    assert "Retry-After" in refused
    assert TOO_MANY in refused.text
    assert f'value="{email.upper()}"' in refused.text
    assert ResetRequest.objects.count() == 3


def test_the_old_password_cannot_be_guessed_from_an_open_session(client, editor):
    client.force_login(editor)

    def change(old):
        given = {"old_password": old, "new_password1": "another-fine-phrase", "new_password2": "x"}
        profile = {"name_email-first_name": "Ann", "name_email-email": "not an address"}
        return client.post("/admin/account/", profile | {f"password-{name}": given[name] for name in given})

    assert [change("wrong").status_code for _ in range(5)] == [200] * 5
    refused = change(RIGHT)

    assert refused.status_code == 429
    assert TOO_MANY in refused.text
    assert 'value="Ann"' in refused.text
    editor.refresh_from_db()
    assert editor.check_password(RIGHT)


def test_a_page_s_and_a_collection_s_password_cannot_be_guessed(client, db):
    page, collection = Page.objects.first(), Collection.objects.first()
    of_page = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="open sesame"
    )
    of_files = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password="open sesame"
    )
    doors = [
        f"/_util/authenticate_with_password/{of_page.pk}/{page.pk}/",
        f"/documents/authenticate_with_password/{of_files.pk}/",
    ]

    def knock(door, password):
        return client.post(door, {"password": password, "return_url": "/"}, REMOTE_ADDR="192.0.2.1")

    assert [knock(doors[0], "open sesame").status_code for _ in range(11)] == [302] * 11
    assert [knock(doors[number % 2], "wrong").status_code for number in range(10)] == [200] * 10
    for door in doors:
        refused = knock(door, "open sesame")
        assert refused.status_code == 429
        assert "Retry-After" in refused
        assert TOO_MANY in refused.text


@pytest.mark.parametrize(
    "password",
    ["password1234", "Password-2026!", "P@ssw0rd2026", "qwertyqwerty", "1234567890123", "welcomeWELCOME1",
     "checkup-demo-2026", "Checkup!!2026", "letmein-letmein", "short", "sunshine 2026"],
)  # fmt: skip
def test_a_password_that_many_would_think_of_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", [RIGHT, "kettle-orbit-violin", "Tr7#xP2m!Qz9", "four birds on a wire"])
def test_a_password_of_some_thought_is_taken(password):
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "is_taken"), [(RIGHT, True), ("password1234", False), ("short", False), ("", False)]
)
def test_a_first_account_made_by_a_script_has_a_password_of_some_thought(db, monkeypatch, password, is_taken):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    options = {"interactive": False, "username": "chief", "email": "chief@checkup.test", "verbosity": 0}
    if is_taken:
        call_command("createsuperuser", **options)
        assert get_user_model().objects.get().check_password(password)
    else:
        with pytest.raises(CommandError, match="DJANGO_SUPERUSER_PASSWORD: This password"):
            call_command("createsuperuser", **options)
        assert not get_user_model().objects.exists()
