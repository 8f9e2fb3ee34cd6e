from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.typed.fields import EmailAddressField
from shop.references import MAX_REFERENCE_LENGTH

MAX_SUBJECT_LENGTH = 200
# What an edited wording can say otherwise, in the order of the mail.
PARTS = ("subject", "heading", "before", "button", "after")


class MailState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Refused for good")
    CANCELLED = "cancelled", _("Cancelled")
    BOUNCED = "bounced", _("Bounced")
    COMPLAINED = "complained", _("Reported as spam")


# What an e-mail service reported after it had taken the mail.
REPORTED = (MailState.BOUNCED, MailState.COMPLAINED)


class OutboxMailQuerySet(models.QuerySet):
    def due(self, now):
        """Return what a worker has something to do with: mails that are ready or abandoned."""
        return self.ready(now) | self.abandoned(now)

    def ready(self, now):
        """Return mails that a worker may claim."""
        return self.filter(state=MailState.QUEUED, next_attempt_at__lte=now)

    def abandoned(self, now):
        """Return mails whose worker let its lease run out and did not report back."""
        return self.filter(state=MailState.SENDING, leased_until__lt=now)

    def waiting(self):
        return self.filter(state__in=[MailState.QUEUED, MailState.SENDING])


class OutboxMail(models.Model):
    """One mail, written in the transaction that causes it and sent by a worker afterwards.

    `reference` names what the mail is about ("order:AB12CD34"); mail never knows the order's model.
    `occasion` tells two mails of one kind about the same thing apart.
    """

    reference = models.CharField(_("reference"), max_length=MAX_REFERENCE_LENGTH, db_index=True)
    kind = models.CharField(_("kind"), max_length=40)
    occasion = models.CharField(_("occasion"), max_length=60, blank=True, default="")
    recipient = EmailAddressField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=MAX_SUBJECT_LENGTH)
    text_body = models.TextField(_("text"))
    html_body = models.TextField(_("HTML"))
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)
    # What is fetched and attached at sending (see shop.mail.delivery).
    attachment = models.CharField(_("attachment"), max_length=MAX_REFERENCE_LENGTH, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=MailState, default=MailState.QUEUED)
    attempt_count = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # What an e-mail service calls the mail, and its words when it could not deliver it (see reports).
    service_message_id = models.CharField(max_length=200, blank=True, default="", db_index=True)
    report = models.TextField(_("report of the e-mail service"), blank=True, default="")
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    resent_by = models.ForeignKey(
        "users.User",
        verbose_name=_("sent again by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cancelled_by = models.ForeignKey(
        "users.User",
        verbose_name=_("cancelled by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind", "occasion"], name="one_mail_per_occasion"),
        ]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="outbox_due")]
        ordering = ["-created_at", "-pk"]
        verbose_name = _("mail")

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class MailAttempt(models.Model):
    """One try to hand a mail to the mail server."""

    mail = models.ForeignKey(OutboxMail, on_delete=models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField(auto_now_add=True)
    succeeded = models.BooleanField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["started_at"]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.started_at}"


class MailWording(models.Model):
    """What editors want one kind of mail to say; a blank text keeps the shipped one (see wordings)."""

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    subject = models.CharField(_("subject"), max_length=MAX_SUBJECT_LENGTH, blank=True)
    heading = models.CharField(_("heading"), max_length=MAX_SUBJECT_LENGTH, blank=True)
    before = models.TextField(_("text before the button"), blank=True)
    button = models.CharField(_("words on the button"), max_length=60, blank=True)
    after = models.TextField(_("text after the button"), blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        "users.User",
        verbose_name=_("changed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("mail wording")

    def __str__(self) -> str:
        return self.kind

    def texts(self) -> dict[str, str]:
        """Return each part's text, empty where the shipped one is kept."""
        return {part: getattr(self, part) for part in PARTS}
