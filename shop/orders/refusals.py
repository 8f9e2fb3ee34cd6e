"""Why an order is not placed. Each text says it in words for the buyer, and nothing was written."""


class OrderRefused(Exception):
    """The order cannot be placed; the text says why in words for the buyer. Nothing was written."""


class EmptyOrder(OrderRefused):
    """There is no line."""


class PackageUnavailable(OrderRefused):
    """A package was withdrawn or deleted."""


class QuantityOutOfBounds(OrderRefused):
    """A quantity is below one or above settings.MAX_QUANTITY, or a package stands in two lines."""


class MixedCurrencies(OrderRefused):
    """The packages are priced in different currencies, which one payment cannot pay."""


class TooExpensive(OrderRefused):
    """Together the packages cost more than Stripe takes at once."""


class PriceChanged(OrderRefused):
    """A package costs something else than the buyer was shown."""


class DiscountRefused(OrderRefused):
    """The discount code cannot be used (any more)."""


class DiscountChanged(DiscountRefused):
    """The discount code takes off something else than the buyer was shown."""


class SoldOut(OrderRefused):
    """Fewer of a package are left than were asked for."""


class PeopleMismatch(OrderRefused):
    """A package is not for exactly as many people as it was ordered for, or somebody stands there twice."""


class PersonUnsuitable(OrderRefused):
    """A package is not for somebody's sex or age."""


class PersonTooYoung(PersonUnsuitable):
    """Somebody is below the minimum age of a package that is for them."""


class PersonTooOld(PersonUnsuitable):
    """Somebody is above the maximum age of a package that is for them."""


class SexMismatch(PersonUnsuitable):
    """A package is for people of the other sex at birth."""


class ConsentMissing(OrderRefused):
    """A consent that the shop asks for was not given, or to a text that does not exist."""


class ShopNotReady(OrderRefused):
    """Something that selling needs is not there yet; staff must add it."""
