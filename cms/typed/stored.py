"""For migrations: what was stored before it was cleaned is found again once it is cleaned too."""

from collections.abc import Callable

from django.db import models


def clean_column(model: type[models.Model], name: str, clean: Callable[[str], str]) -> None:
    """Clean the column in every row; a value that another row has already under a unique column stays."""
    rows = model._default_manager.order_by("pk")
    is_unique = getattr(model._meta.get_field(name), "unique", False)
    for pk, value in rows.values_list("pk", name).iterator(chunk_size=2000):
        cleaned = clean(value)
        if cleaned == value or (is_unique and rows.filter(**{name: cleaned}).exists()):
            continue
        rows.filter(pk=pk).update(**{name: cleaned})
