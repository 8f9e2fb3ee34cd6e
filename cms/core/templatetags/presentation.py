"""What the components need beyond Django's own tags."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import template
from django.forms import BaseForm
from wagtail.images.models import AbstractImage

from cms.core.anchors import Part, key_of
from cms.core.models import BasePage
from cms.core.navigation import Navigation, navigation
from cms.images.pictures import FILTER_SPECS, WIDTHS, filter_spec, renditions_of

register = template.Library()


@dataclass(frozen=True)
class Source:
    media_type: str
    srcset: str


@dataclass(frozen=True)
class PictureSet:
    """One picture in several formats and widths, the first format being the smallest file."""

    sources: list[Source]
    url: str
    width: int
    height: int


@register.simple_tag
def picture_set(image: AbstractImage | None) -> PictureSet | None:
    """Return every rendition of a picture; None without one, and for one that cannot be shown.

    Costs no query after `prefetch_pictures`.
    """
    renditions = renditions_of(image, FILTER_SPECS) if image else {}
    last = renditions.get(FILTER_SPECS[-1])
    if last is None:
        return None
    *modern, _fallback = WIDTHS
    sources = [_source(name, renditions) for name in modern]
    return PictureSet([source for source in sources if source.srcset], last.url, last.width, last.height)


def _source(name: str, renditions: Mapping) -> Source:
    specs = [filter_spec(name, width) for width in WIDTHS[name]]
    by_width = {renditions[spec].width: renditions[spec].url for spec in specs if spec in renditions}
    return Source(f"image/{name}", ", ".join(f"{url} {width}w" for width, url in by_width.items()))


@dataclass(frozen=True)
class FormError:
    text: str
    anchor: str


@register.simple_tag
def form_errors(*forms: BaseForm | Iterable[BaseForm] | None) -> list[FormError]:
    """Return every error of these forms (or formsets), each with the fragment that leads to its field."""
    return [error for form in forms if form for error in _errors_of(form)]


def _errors_of(form: BaseForm | Iterable[BaseForm]) -> list[FormError]:
    if not isinstance(form, BaseForm):
        whole: Iterable = getattr(form, "non_form_errors", list)()
        return [
            *(FormError(str(text), "") for text in whole),
            *(e for part in form for e in _errors_of(part)),
        ]
    errors = [FormError(str(text), "") for text in form.non_field_errors()]
    for field in form:
        errors += [FormError(str(text), field.id_for_label or f"{field.auto_id}_0") for text in field.errors]
    return errors


@register.filter
def anchor_of(page: BasePage, block: Part) -> str:
    """Return the fragment that leads to a block of this page; empty for one that nobody links to."""
    return page.anchors.get(key_of(block), "")


@register.filter
def is_checkbox(field) -> bool:
    """Return whether a form field is a single box to tick, whose label stands behind it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.filter
def attribute(value: object, name: str) -> object:
    """Return an item of a mapping by a name known at run time."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


@register.simple_tag(takes_context=True)
def site_navigation(context: template.Context) -> Navigation:
    """Return the main menu and the footer's links; empty where there is no request (an error page)."""
    request = context.get("request")
    return navigation(request) if request else Navigation()
