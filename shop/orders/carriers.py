"""Who carries the shop's parcels. Staff may type another name, which is then a free text."""

from cms.typed.text import folded

CARRIERS = ("DHL", "FedEx", "UPS", "USPS", "Royal Mail")
_KNOWN = frozenset(folded(name) for name in CARRIERS)


def is_known_carrier(text: str) -> bool:
    """Whether the text is the name of a carrier and nothing else, however it was typed."""
    return folded(text) in _KNOWN
