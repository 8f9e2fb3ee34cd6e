"""What a package page says about its package, put into the order in which a reader asks."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from shop.catalogue.models import Biomarker, Package, Panel


@dataclass(frozen=True)
class PanelContents:
    """The biomarkers of one panel that a package measures."""

    panel: "Panel"
    biomarkers: "list[Biomarker]"


@dataclass(frozen=True)
class Step:
    """One step of the way from the order to the result."""

    title: str
    text: str


def contents_by_panel(package: "Package") -> list[PanelContents]:
    """What the package measures, panel by panel, in one query."""
    contents = package.contents.select_related("biomarker__panel").order_by(
        "biomarker__panel__position", "biomarker__panel__name", "biomarker__position", "biomarker__name"
    )
    biomarkers = [content.biomarker for content in contents]
    return [
        PanelContents(panel, list(group))
        for panel, group in groupby(biomarkers, key=lambda biomarker: biomarker.panel)
    ]


def turnaround(package: "Package") -> str:
    """When results are there: "3 working days"."""
    return ngettext("%(days)s working day", "%(days)s working days", package.turnaround_days) % {
        "days": package.turnaround_days
    }


def biomarker_count(number: int) -> str:
    """How much is measured: "27 biomarkers"."""
    return ngettext("%(number)s biomarker", "%(number)s biomarkers", number) % {"number": number}


def for_whom(package: "Package") -> str:
    """Who can be tested with it: "Women from 18 to 44 years". By sex at birth and in completed years."""
    who = {"female": _("Women"), "male": _("Men")}.get(package.suitable_sex, _("Anybody"))
    values = {"who": who, "youngest": package.minimum_age, "oldest": package.maximum_age}
    if package.maximum_age is None:
        return _("%(who)s of %(youngest)s years or older") % values
    return _("%(who)s from %(youngest)s to %(oldest)s years") % values


def steps(package: "Package") -> list[Step]:
    """How the check works for this package, from the order to the doctor's note."""
    return [
        Step(
            _("Order"),
            _("Tell us who is tested and where the kit should go. You need no account."),
        ),
        Step(_("Give your sample"), package.collection),
        Step(
            _("Read your results"),
            _("%(turnaround)s after the laboratory has your sample, with a doctor's note in plain words.")
            % {"turnaround": turnaround(package)},
        ),
    ]
