"""Who carries the shop's parcels. Staff may type another name, which is then a free text."""

CARRIERS = ("DHL", "FedEx", "UPS", "USPS", "Royal Mail")
_KNOWN = frozenset(name.casefold() for name in CARRIERS)


def is_known_carrier(text: str) -> bool:
    """Whether the text is the name of a carrier and nothing else, in any letter case."""
    return text.strip().casefold() in _KNOWN
