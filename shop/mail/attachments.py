"""What a mail carries besides its words: named in its row, fetched when it is sent."""

from django.conf import settings
from django.utils.module_loading import import_string

from shop.references import parse_reference


def fetch_attachment(reference: str) -> tuple[str, bytes, str]:
    """File name, bytes and media type of "receipt-of:AB12CD34", from whom settings.MAIL_ATTACHMENTS names.

    Raises LookupError for a kind that nobody gives. Whatever is raised here, the mail is not sent without.
    """
    kind, name = parse_reference(reference)
    return import_string(settings.MAIL_ATTACHMENTS[kind])(name)
