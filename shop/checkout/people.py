"""Who is tested, and who takes which health check when more than one kind is in the basket."""

import re
from collections.abc import Sequence
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from cms.typed.fields import LineField
from shop.catalogue.models import SuitableSex
from shop.checkout.dates import DateOfBirthField
from shop.checkout.summary import BasketItem, BasketSummary
from shop.orders.models import Order, SexAtBirth
from shop.orders.people import PersonDetails, check_age, check_sex
from shop.orders.refusals import PersonUnsuitable

NUMBER = re.compile(r"[0-9]{1,3}")
FIELD_OF_PERSON = re.compile(r"person-([0-9]{1,3})-(.+)", re.DOTALL)


class PersonForm(forms.Form):
    """Who is tested. The first person may be the buyer, whose name need not be typed twice."""

    is_buyer = forms.BooleanField(
        label=lazy("I am this person: use my name from above"), required=False, widget=forms.CheckboxInput
    )
    name = LineField(
        label=lazy("Full name"),
        max_length=150,
        error_messages={"required": lazy("Enter the name of the person who is tested.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    date_of_birth = DateOfBirthField(
        label=lazy("Date of birth"),
        help_text=lazy("For example 27 March 1984. It tells samples of people with the same name apart."),
    )
    sex_at_birth = forms.ChoiceField(
        label=lazy("Sex at birth"),
        choices=SexAtBirth.choices,
        widget=forms.RadioSelect,
        help_text=lazy(
            "Why we ask: the usual range of many values depends on the sex assigned at birth. "
            "Without it a result could be read wrongly."
        ),
        error_messages={"required": lazy("Choose the sex at birth.")},
    )
    takes = forms.MultipleChoiceField(
        label=lazy("Health checks for this person"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": lazy("Tick what this person takes, or remove this person."),
            "invalid_choice": lazy("Tick only health checks that are in your basket."),
        },
    )

    def __init__(
        self, data=None, *, position: int, summary: BasketSummary, buyer_name: str = "", initial=None
    ) -> None:
        super().__init__(data, prefix=f"person-{position}", initial=initial)
        self.position = position
        self.summary = summary
        self.buyer_name = buyer_name
        if position > 0:
            del self.fields["is_buyer"]
        elif self.data.get(self.add_prefix("is_buyer")):
            # A missing name of the buyer is told beside the buyer's own field.
            self.fields["name"].required = False
        if summary.asks_who_takes_what:
            takes = cast(forms.MultipleChoiceField, self.fields["takes"])
            takes.choices = [(item.package.sku, _box(item)) for item in summary.sold]
        else:
            del self.fields["takes"]

    @property
    def number(self) -> int:
        """The person's number as people count."""
        return self.position + 1

    @property
    def items(self) -> list[BasketItem]:
        """What the person takes, as far as that was answered; without a question everything."""
        if "takes" not in self.fields:
            return self.summary.sold
        ticked = self.cleaned_data.get("takes", [])
        return [item for item in self.summary.sold if item.package.sku in ticked]

    def details(self) -> PersonDetails:
        """Return the person as an order takes them. Only after `is_valid`."""
        return PersonDetails(
            name=self.cleaned_data["name"],
            date_of_birth=self.cleaned_data["date_of_birth"],
            sex_at_birth=self.cleaned_data["sex_at_birth"],
            package_ids=frozenset(item.package.pk for item in self.items),
        )

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("is_buyer") and not data.get("name"):
            data["name"] = self.buyer_name
        self._refuse_what_does_not_suit(data.get("sex_at_birth"), data.get("date_of_birth"))
        return data

    def _refuse_what_does_not_suit(self, sex_at_birth, date_of_birth) -> None:
        items, now = self.items, timezone.now()
        for item in items:
            try:
                if sex_at_birth:
                    check_sex(item.package, sex_at_birth)
            except PersonUnsuitable as refusal:
                self.add_error("sex_at_birth", str(refusal))
        for item in items:
            try:
                if date_of_birth:
                    check_age(item.package, date_of_birth, now)
            except PersonUnsuitable as refusal:
                self.add_error("date_of_birth", str(refusal))
                return  # the same again for each health check would help nobody


def person_forms(
    summary: BasketSummary, data: QueryDict | None, buyer_name: str, previous: Order | None
) -> list[PersonForm]:
    """Return a form for each person: as many as were requested or an order has, within the bounds."""
    known = list(previous.people.prefetch_related("kits__line")) if previous else []
    wanted = _number(data.get("people", "")) if data else len(known)
    number = min(max(wanted, summary.fewest_people), summary.most_people)
    return [
        PersonForm(
            data,
            position=position,
            summary=summary,
            buyer_name=buyer_name,
            initial=_initial(summary, number, known[position] if position < len(known) else None),
        )
        for position in range(number)
    ]


def check_together(people: Sequence[PersonForm]) -> bool:
    """Return whether all people differ and each health check goes to as many of them as it is for.

    What is wrong is told beside a field. Only after each form was asked whether it is valid.
    """
    return not (_repeated(people) or _wrongly_taken(people))


def with_one_more(data: QueryDict) -> QueryDict:
    """Return what was typed, with an empty person at the end."""
    changed = data.copy()
    changed["people"] = str(_number(data.get("people", "")) + 1)
    return changed


def without(data: QueryDict, position: str) -> QueryDict:
    """Return what was typed, without the person at this position (from 0); who came after moves up."""
    if not NUMBER.fullmatch(position):
        return data
    changed = QueryDict(mutable=True)
    for name, values in data.lists():
        found = FIELD_OF_PERSON.fullmatch(name)
        if found is None or int(found[1]) < int(position):
            changed.setlist(name, values)
        elif int(found[1]) > int(position):
            changed.setlist(f"person-{int(found[1]) - 1}-{found[2]}", values)
    changed["people"] = str(_number(data.get("people", "")) - 1)
    return changed


def _number(text: str) -> int:
    return int(text) if NUMBER.fullmatch(text) else 0


def _box(item: BasketItem) -> str:
    """Return what stands beside the box of one health check."""
    message = {
        SuitableSex.FEMALE: _("%(name)s (for women)"),
        SuitableSex.MALE: _("%(name)s (for men)"),
    }.get(SuitableSex(item.package.suitable_sex), "%(name)s")
    return message % {"name": item.package.name}


def _initial(summary: BasketSummary, number: int, known) -> dict:
    """Return what a form begins with. Ticked is only what everybody must take, and what the order knows."""
    for_all = {item.package for item in summary.sold if item.quantity == number}
    if known is None:
        return {"takes": [package.sku for package in for_all]}
    suits = {package.sku for package in for_all if package.suitable_sex in ("any", known.sex_at_birth)}
    taken = {item.package.sku for item in summary.sold if item.package.pk in known.package_ids}
    return {
        "name": known.name,
        "date_of_birth": known.date_of_birth,
        "sex_at_birth": known.sex_at_birth,
        "takes": sorted(suits | taken),
    }


def _repeated(people: Sequence[PersonForm]) -> bool:
    seen: dict[tuple, PersonForm] = {}
    is_repeated = False
    for form in people:
        if not (form.cleaned_data.get("name") and form.cleaned_data.get("date_of_birth")):
            continue
        identity = PersonDetails(
            form.cleaned_data["name"], form.cleaned_data["date_of_birth"], sex_at_birth=""
        ).identity
        first = seen.setdefault(identity, form)
        if first is not form:
            is_repeated = True
            message = _("This is the same person as person %(number)s. Enter each person once.")
            form.add_error("name", message % {"number": first.number})
    return is_repeated


def _wrongly_taken(people: Sequence[PersonForm]) -> bool:
    if not people[0].summary.asks_who_takes_what:
        return False
    takers = {item: [form for form in people if item in form.items] for item in people[0].summary.sold}
    wrong = [item for item, forms_of_it in takers.items() if len(forms_of_it) != item.quantity]
    for item in wrong:
        ticked = takers[item]
        if len(ticked) > item.quantity:
            ticked[-1].add_error("takes", _wrong_number(item, len(ticked)))
            continue
        first_unticked = next(form for form in people if form not in ticked)
        # Who ticked nothing reads that already.
        if not first_unticked.has_error("takes", "required"):
            first_unticked.add_error("takes", _wrong_number(item, len(ticked)))
    return bool(wrong)


def _wrong_number(item: BasketItem, ticked: int) -> str:
    values = {"name": item.package.name, "number": item.quantity, "ticked": ticked}
    if not ticked:
        return (
            ngettext(
                "“%(name)s” is ticked for nobody. Tick it for the person who takes it.",
                "“%(name)s” is ticked for nobody. Tick it for the %(number)s people who take it.",
                item.quantity,
            )
            % values
        )
    if ticked < item.quantity:
        return (
            _("“%(name)s” is for %(number)s people and ticked for %(ticked)s. Tick who else takes it.")
            % values
        )
    return (
        ngettext(
            "“%(name)s” is for %(number)s person and ticked for %(ticked)s. Untick it where it is not "
            "taken, or change the basket.",
            "“%(name)s” is for %(number)s people and ticked for %(ticked)s. Untick it where it is not "
            "taken, or change the basket.",
            item.quantity,
        )
        % values
    )
