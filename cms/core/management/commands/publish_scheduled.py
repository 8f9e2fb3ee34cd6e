from wagtail.management.commands.publish_scheduled import Command as WagtailCommand

from cms.core.publishing import publish_due


class Command(WagtailCommand):
    """Wagtail's own, in which one version that cannot go live keeps no other back."""

    def handle(self, *args, **options) -> None:
        if options["dryrun"]:
            super().handle(*args, **options)
        else:
            publish_due()
