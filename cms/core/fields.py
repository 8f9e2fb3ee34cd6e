"""A stream of blocks whose definitions stay out of migrations."""

from collections.abc import Sequence
from typing import Any

from wagtail import fields


class StreamField(fields.StreamField):
    """Wagtail's, without its blocks in a migration: no column changes when a block does.

    A migration therefore sees raw JSON in such a column, never blocks.
    """

    def __init__(self, block_types: Any = (), **options: Any) -> None:
        super().__init__(block_types, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Return the field as a migration writes it: empty of blocks."""
        name, path, _block_types, options = super().deconstruct()
        options.pop("block_lookup", None)
        return name, path, [], options
