"""Who takes which package of an order, and whether it suits them: what the form asks and placing too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.typed.text import clean_identity
from shop.catalogue.models import Package, SuitableSex
from shop.orders.ages import highest_age, lowest_age
from shop.orders.models import SexAtBirth
from shop.orders.refusals import PeopleMismatch, PersonTooOld, PersonTooYoung, SexMismatch


@dataclass(frozen=True)
class PersonDetails:
    """Who is tested, and with which of the order's packages, by primary key; None for all of them."""

    name: str
    date_of_birth: date
    sex_at_birth: str
    package_ids: frozenset[int] | None = None

    def takes(self, package_id: int | None) -> bool:
        """Return whether one kit of this package is for them."""
        return self.package_ids is None or package_id in self.package_ids

    def among(self, package_ids: Collection[int]) -> frozenset[int]:
        """Return which of these packages they take."""
        return frozenset(pk for pk in package_ids if self.takes(pk))

    @property
    def sex(self) -> str:
        """The sex at birth in words."""
        return str(SexAtBirth(self.sex_at_birth).label)

    @property
    def identity(self) -> tuple[str, date]:
        """The same for two entries about one person."""
        return clean_identity(self.name).casefold(), self.date_of_birth


def check_people(
    people: Sequence[PersonDetails], quantities: Mapping[Package, int], moment: datetime
) -> None:
    """Raise a kind of OrderRefused unless each package is for as many different people as it is ordered for,
    nobody is there for nothing, and everything suits who takes it."""
    _check_assignment(people, quantities)
    for person in people:
        for package in quantities:
            if person.takes(package.pk):
                check_sex(package, person.sex_at_birth)
                check_age(package, person.date_of_birth, moment)


def check_sex(package: Package, sex_at_birth: str) -> None:
    """Raise SexMismatch when the package is for the other sex."""
    if package.suitable_sex not in (SuitableSex.ANY, sex_at_birth):
        raise SexMismatch(_wrong_sex(package))


def check_age(package: Package, date_of_birth: date, moment: datetime) -> None:
    """Raise PersonTooYoung or PersonTooOld when it is so anywhere on earth at this moment."""
    values = {"name": package.name, "youngest": package.minimum_age, "oldest": package.maximum_age}
    if lowest_age(date_of_birth, moment) < package.minimum_age:
        raise PersonTooYoung(
            _(
                "“%(name)s” is for people aged %(youngest)s or older, so we cannot sell it for this person. "
                "For somebody younger, please ask a doctor who treats children."
            )
            % values
        )
    if package.maximum_age is not None and highest_age(date_of_birth, moment) > package.maximum_age:
        raise PersonTooOld(
            _(
                "“%(name)s” is for people aged %(oldest)s or younger, so we cannot sell it for this person. "
                "Please ask a doctor which test fits."
            )
            % values
        )


def _wrong_sex(package: Package) -> str:
    if package.suitable_sex == SuitableSex.FEMALE:
        message = _(
            "“%(name)s” is for women: its usual ranges are those of people whose sex at birth is female."
        )
    else:
        message = _("“%(name)s” is for men: its usual ranges are those of people whose sex at birth is male.")
    return message % {"name": package.name}


def _check_assignment(people: Sequence[PersonDetails], quantities: Mapping[Package, int]) -> None:
    if len({person.identity for person in people}) < len(people):
        raise PeopleMismatch(_("Please name each person who is tested once."))
    ordered = {package.pk for package in quantities}
    for person in people:
        if person.package_ids is not None and not (person.package_ids and person.package_ids <= ordered):
            raise PeopleMismatch(_("Please say for each person which of these health checks they take."))
    for package, quantity in quantities.items():
        if sum(person.takes(package.pk) for person in people) != quantity:
            raise PeopleMismatch(
                ngettext(
                    "“%(name)s” was ordered for %(number)s person. Please say who takes it.",
                    "“%(name)s” was ordered for %(number)s people. Please say who takes it.",
                    quantity,
                )
                % {"number": quantity, "name": package.name}
            )
