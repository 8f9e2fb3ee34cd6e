from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "shop.mail"

    def ready(self) -> None:
        from anymail.signals import tracking

        from shop.mail import checks  # noqa: F401 - importing registers them
        from shop.mail.reports import receive

        # The only way in which anymail hands out what a service reports.
        tracking.connect(receive, dispatch_uid="shop.mail.reports")
