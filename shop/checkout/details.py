"""The forms of the details page as one: read together, valid together, told together."""

from dataclasses import dataclass
from datetime import timedelta

from django.forms import BaseForm
from django.http import QueryDict
from django.utils import timezone

from cms.typed.text import clean_line
from shop.checkout.consents import current_texts
from shop.checkout.forms import AddressForm, ConsentForm, ContactForm, PersonForm
from shop.checkout.models import Basket
from shop.checkout.summary import BasketSummary
from shop.orders.models import Order, OrderStatus
from shop.orders.people import PersonDetails
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
        """Whether all are valid; each is checked, so that all errors are told at once."""
        return not sum(not form.is_valid() for form in self.all)

    def order_details(self) -> OrderDetails:
        """What the order needs. Only after `is_valid`."""
        contact, address = self.contact.cleaned_data, self.address.cleaned_data
        return OrderDetails(
            **{**address, "recipient_name": address["recipient_name"] or contact["buyer_name"]},
            email=contact["email"],
            buyer_name=contact["buyer_name"],
            phone=contact["phone"].as_rfc3966 if contact["phone"] else "",
            people=[
                PersonDetails(
                    name=form.cleaned_data["name"],
                    date_of_birth=form.cleaned_data["date_of_birth"],
                    sex_at_birth=form.cleaned_data["sex_at_birth"],
                    package_ids=form.package_ids,
                )
                for form in self.people
            ],
            consent_text_ids=[text.pk for text in self.consent.texts],
        )


def details_forms(
    summary: BasketSummary, data: QueryDict | None = None, previous: Order | None = None
) -> DetailsForms:
    """The forms for as many people as the basket is for, with what was sent or what an order knows."""
    contact, address, people = _initial(previous)
    entered_name = clean_line(str(data.get("buyer_name", ""))) if data else ""
    return DetailsForms(
        contact=ContactForm(data, initial=contact, country=str(data.get("country", "")) if data else ""),
        people=[
            PersonForm(
                data,
                position=position,
                minimum_age=summary.minimum_age(position),
                package_ids=frozenset(item.package.pk for item in summary.sold if item.quantity > position),
                buyer_name=entered_name,
                initial=people[position] if position < len(people) else {},
            )
            for position in range(summary.people)
        ],
        address=AddressForm(data, initial=address),
        consent=ConsentForm(data, texts=current_texts()),
    )


def order_to_continue(basket: Basket) -> Order | None:
    """The basket's unpaid order when it was placed a short while ago."""
    order = basket.order
    if order is None or order.status != OrderStatus.AWAITING_PAYMENT:
        return None
    return order if order.created_at > timezone.now() - REMEMBERED_FOR else None


def _initial(order: Order | None) -> tuple[dict, dict, list[dict]]:
    if order is None:
        return {}, {}, []
    fields = ("name", "date_of_birth", "sex_at_birth")
    people = [{name: getattr(person, name) for name in fields} for person in order.people.all()]
    return (
        {
            "buyer_name": order.buyer_name,
            "email": order.email,
            "phone": order.phone and order.phone.as_international,
        },
        {name: getattr(order, name) for name in AddressForm.base_fields},
        people,
    )
