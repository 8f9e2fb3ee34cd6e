from django.conf import settings
from django.urls import URLPattern, path
from django.utils.module_loading import import_string

# Only what tells of a sent mail: anymail could also take mails in, which nobody here reads.
REPORT_VIEWS = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}


def report_urls(service: str) -> list[URLPattern]:
    """Return the address at which this e-mail service reports bounces and complaints, if there is one."""
    if service not in REPORT_VIEWS:
        return []
    return [path(f"{service}/tracking/", import_string(REPORT_VIEWS[service]).as_view(), name="reports")]


app_name = "mail"
urlpatterns = report_urls(settings.EMAIL_SERVICE)
