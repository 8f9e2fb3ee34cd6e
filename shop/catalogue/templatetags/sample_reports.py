from collections.abc import Iterable, Mapping

from django import template

from shop.catalogue.sample_report import SAMPLE_RESULTS, SampleResult, sample_result

register = template.Library()


@register.simple_tag
def sample_results(results: Iterable[Mapping] | None) -> list[SampleResult]:
    """Return the rows of a drawn report; a sample of three when there are none."""
    return [sample_result(result) for result in results or SAMPLE_RESULTS]
