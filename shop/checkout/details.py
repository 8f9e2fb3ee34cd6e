"""The forms of the details page as one: read together, valid together, told together."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.forms import BaseForm
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone

from cms.page_cache.versions import remember
from cms.typed.text import clean_line
from shop.checkout.forms import AddressForm, ConsentForm, ContactForm
from shop.checkout.models import Basket
from shop.checkout.people import PersonForm, check_together, person_forms
from shop.checkout.summary import BasketSummary
from shop.orders.models import ConsentKind, ConsentText, Order, OrderStatus
from shop.orders.placing import OrderDetails

# Who comes back from payment finds their details again, but not for long: the browser may be shared.
REMEMBERED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class DetailsForms:
    """Who buys, who is tested, where the kit goes, what is agreed to: in the order of the page."""

    contact: ContactForm
    people: list[PersonForm]
    address: AddressForm
    consent: ConsentForm

    @property
    def all(self) -> list[BaseForm]:
        return [self.contact, *self.people, self.address, self.consent]

    def is_valid(self) -> bool:
        """Return whether all are valid; each is checked, so that all errors are shown at once."""
        invalid = sum(not form.is_valid() for form in self.all)
        return check_together(self.people) and not invalid

    def as_typed(self) -> Self:
        """Return the same without errors: what was typed is shown before anybody asks whether it is right."""
        for form in self.all:
            # What Django does before it checks.
            form._errors, form.cleaned_data = ErrorDict(), {}  # type: ignore[attr-defined] # not in the stubs
        return self

    def order_details(self) -> OrderDetails:
        """Return what the order needs. Only after `is_valid`."""
        contact, address = self.contact.cleaned_data, self.address.cleaned_data
        return OrderDetails(
            **{**address, "recipient_name": address["recipient_name"] or contact["buyer_name"]},
            email=contact["email"],
            buyer_name=contact["buyer_name"],
            phone=contact["phone"].as_rfc3966 if contact["phone"] else "",
            people=[form.details() for form in self.people],
            consent_text_ids=[text.pk for text in self.consent.texts],
        )


def details_forms(
    summary: BasketSummary, data: QueryDict | None = None, previous: Order | None = None
) -> DetailsForms:
    """Return the forms with what was sent or what an order knows."""
    contact, address = _initial(previous)
    entered_name = clean_line(str(data.get("buyer_name", ""))) if data else ""
    return DetailsForms(
        contact=ContactForm(data, initial=contact, country=str(data.get("country", "")) if data else ""),
        people=person_forms(summary, data, entered_name, previous),
        address=AddressForm(data, initial=address),
        consent=ConsentForm(data, texts=current_consent_texts()),
    )


def order_to_continue(basket: Basket) -> Order | None:
    """Return the basket's unpaid order when it was placed a short while ago."""
    order = basket.order
    if order is None or order.status != OrderStatus.AWAITING_PAYMENT:
        return None
    return order if order.created_at > timezone.now() - REMEMBERED_FOR else None


def _initial(order: Order | None) -> tuple[dict, dict]:
    if order is None:
        return {}, {}
    return (
        {
            "buyer_name": order.buyer_name,
            "email": order.email,
            "phone": order.phone and order.phone.as_international,
        },
        {name: getattr(order, name) for name in AddressForm.base_fields},
    )


def current_consent_texts() -> list[ConsentText]:
    """Return the newest text of each kind of consent, in the kinds' order; cached until one is added."""
    return [ConsentText(**values) for values in remember("consent-texts", _newest_consent_texts)]


def _newest_consent_texts() -> list[dict]:
    texts = ConsentText.objects.order_by("version").values("pk", "kind", "version", "text")
    newest = {text["kind"]: dict(text) for text in texts}
    return [newest[kind] for kind in ConsentKind.values if kind in newest]
