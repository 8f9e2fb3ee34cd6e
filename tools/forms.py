"""Fills in the details page as it is shown, so that a new question does not break the bench."""

from html.parser import HTMLParser
from uuid import uuid4

BUYER = {
    "buyer_name": "Bench Buyer",
    "address_line_1": "1 Example Street",
    "city": "Sampleton",
    "region": "NY",
    "postal_code": "12345",
    "country": "US",
    "person-0-name": "Bench Buyer",
    "person-0-date_of_birth_0": "27",
    "person-0-date_of_birth_1": "3",
    "person-0-date_of_birth_2": "1984",
    "person-0-sex_at_birth": "female",
}


class _Fields(HTMLParser):
    """Collects what the page sends by itself: hidden fields, and every box that must be ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        field = dict(attributes)
        name = field.get("name") or ""
        if tag == "input" and (field.get("type") == "hidden" or name.startswith("consent")):
            self.values[name] = field.get("value") or "on"


def details_data(page: str) -> dict[str, str]:
    """Return the form's data for this page's HTML."""
    fields = _Fields()
    fields.feed(page)
    # One e-mail address may not order as often as the bench does.
    return {**fields.values, **BUYER, "email": f"bench-{uuid4().hex}@checkup.example"}
