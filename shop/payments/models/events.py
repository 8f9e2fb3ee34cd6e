"""What Stripe sends to the webhook."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    RECEIVED = "received", _("Received")
    HANDLED = "handled", _("Handled")
    IGNORED = "ignored", _("Not used")
    FAILED = "failed", _("Failed")
    SET_ASIDE = "set_aside", _("Set aside for staff")


class WebhookEvent(models.Model):
    """One event from Stripe, stored before it is handled."""

    event_id = models.CharField(_("event"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=80)
    object_id = models.CharField(_("object"), max_length=100, blank=True)
    livemode = models.BooleanField(default=False)
    payload = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=EventState, default=EventState.RECEIVED, db_index=True
    )
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    traceback = models.TextField(blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("Stripe event")

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
