import re

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.mail import outbox
from shop.mail.models import MailState, OutboxMail
from shop.mail.undeliverable import open_mail_case

pytestmark = pytest.mark.django_db


def key_on(page: str, action: str) -> str:
    """Return what the form that posts there carries to tell a second click from a second wish."""
    form = re.search(rf'action="{action}".*?</form>', page, re.DOTALL)
    assert form, "there is no such form"
    return re.search(r'name="key" value="([^"]+)"', form[0])[1]


class TestOutbox:
    @pytest.fixture
    def mail(self, paid_order) -> OutboxMail:
        return OutboxMail.objects.get(kind="order_paid")

    def test_the_list_filters_by_state(self, staff, mail):
        OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.REFUSED)

        shown = staff.get("/admin/outbox/", {"state": "refused"}).context["object_list"]

        assert [found.pk for found in shown] == [mail.pk]

    def test_a_mail_shows_its_text_its_attempts_and_its_order(self, staff, mail, paid_order):
        mail.attempts.create(succeeded=False, error="SMTPDataError: 451 Try later")

        page = staff.get(reverse("outbox:inspect", args=[mail.pk])).content.decode()

        for shown in (
            "Your receipt is attached to this mail",
            "451 Try later",
            "ada@example.org",
            f"Order {paid_order.code}",
        ):
            assert shown in page

    def test_only_a_queued_mail_says_when_it_is_tried_next(self, staff, mail):
        address = reverse("outbox:inspect", args=[mail.pk])
        assert "Next attempt" in staff.get(address).content.decode()

        OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.SENT)
        assert "Next attempt" not in staff.get(address).content.decode()

    def test_its_html_comes_alone_and_can_run_nothing(self, staff, mail):
        response = staff.get(reverse("outbox:body", args=[mail.pk]))

        assert response.content.decode() == mail.html_body
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script-src" not in policy

    def test_sending_again_makes_a_row_that_says_who_asked(self, staff, mail):
        staff.post(reverse("outbox:resend", args=[mail.pk]))

        copy = OutboxMail.objects.filter(kind="order_paid").exclude(pk=mail.pk).get()
        assert (copy.resent_by.username, copy.state) == ("staff", MailState.QUEUED)

    def test_a_corrected_address_gets_the_copy_and_a_mistyped_one_is_shown_again(self, staff, mail):
        address = reverse("outbox:resend", args=[mail.pk])

        refused = staff.post(address, {"recipient": "ada@"})
        assert (refused.status_code, OutboxMail.objects.filter(resent_by__isnull=False).count()) == (422, 0)
        assert 'value="ada@"' in refused.content.decode()

        staff.post(address, {"recipient": "ada@correct.example"})
        copy = OutboxMail.objects.get(resent_by__isnull=False)
        assert (copy.recipient, copy.text_body) == ("ada@correct.example", mail.text_body)

    @pytest.mark.parametrize("screen", ["mail", "case"])
    def test_a_second_click_on_a_button_sends_no_second_mail(self, staff, mail, screen):
        case = open_mail_case(mail, "Refused")
        screens = {
            "mail": reverse("outbox:inspect", args=[mail.pk]),
            "case": reverse("cases:inspect", args=[case.pk]),
        }
        address = reverse("outbox:resend", args=[mail.pk])
        form = {"key": key_on(staff.get(screens[screen]).content.decode(), address)}

        first, second = (staff.post(address, form) for _click in range(2))

        copy = OutboxMail.objects.get(resent_by__isnull=False)
        assert first.url == second.url == reverse("outbox:inspect", args=[copy.pk])

        staff.post(address, {"key": key_on(staff.get(screens["mail"]).content.decode(), address)})
        assert OutboxMail.objects.filter(resent_by__isnull=False).count() == 2

    def test_an_address_that_is_corrected_on_the_same_form_is_another_mail(self, staff, mail):
        address = reverse("outbox:resend", args=[mail.pk])
        form = {"key": key_on(staff.get(reverse("outbox:inspect", args=[mail.pk])).content.decode(), address)}

        for recipient in ("ada@correct.example", "ada@right.example", "ada@right.example"):
            staff.post(address, {**form, "recipient": recipient})

        copies = OutboxMail.objects.filter(resent_by__isnull=False).order_by("pk")
        assert [copy.recipient for copy in copies] == ["ada@correct.example", "ada@right.example"]

    def test_an_address_that_is_too_long_for_the_outbox_is_refused_at_the_form(self, staff, mail):
        longest = OutboxMail._meta.get_field("recipient").max_length
        domain = ".".join(["a" * 60] * 3) + ".example"
        address = "a" * (longest + 1 - len(domain) - 1) + "@" + domain

        response = staff.post(reverse("outbox:resend", args=[mail.pk]), {"recipient": address})

        assert (len(address), response.status_code) == (longest + 1, 422)
        assert response.context["resend_form"].has_error("recipient", "max_length")
        assert not OutboxMail.objects.filter(resent_by__isnull=False).exists()

    def test_a_bounce_is_shown_with_the_words_of_the_service(self, staff, mail):
        OutboxMail.objects.filter(pk=mail.pk).update(
            state=MailState.BOUNCED, reported_at=timezone.now(), report="550 No such mailbox"
        )

        page = staff.get(reverse("outbox:inspect", args=[mail.pk])).content.decode()

        assert "could not deliver the mail" in page
        assert "550 No such mailbox" in page

    def test_a_queued_mail_can_be_cancelled_and_a_sent_one_cannot(self, staff, mail):
        page = staff.post(reverse("outbox:cancel", args=[mail.pk]), follow=True).content.decode()
        mail.refresh_from_db()
        assert (mail.state, "The mail is cancelled" in page) == (MailState.CANCELLED, True)
        assert mail.cancelled_by.username == "staff"
        assert re.search(r"<dt>Cancelled</dt>\s*<dd>[^<]+, staff</dd>", page)

        OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now())
        page = staff.post(reverse("outbox:cancel", args=[mail.pk]), follow=True).content.decode()
        mail.refresh_from_db()
        assert (mail.state, "too late" in page) == (MailState.SENT, True)

    def test_a_mail_that_the_shop_cancelled_names_nobody(self, staff, mail):
        outbox.cancel(mail)

        page = staff.get(reverse("outbox:inspect", args=[mail.pk])).content.decode()

        assert re.search(r"<dt>Cancelled</dt>\s*<dd>[^<]+, System</dd>", page)
