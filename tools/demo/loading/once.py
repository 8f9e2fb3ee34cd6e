"""Runs a load step the first time only."""

from collections.abc import Callable

from django.db import transaction

from tools.demo.models import LoadedItem


def load_once(key: str, load: Callable[..., object], *arguments: object) -> bool:
    """Call `load` unless this key was loaded before, and return whether it was called.

    The content and the mark that it was loaded are one transaction.
    """
    if LoadedItem.objects.filter(key=key).exists():
        return False
    with transaction.atomic():
        load(*arguments)
        LoadedItem.objects.create(key=key)
    return True
