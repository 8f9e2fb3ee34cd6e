"""The schema of Stripe's events as far as the shop needs it, https://docs.stripe.com/api/events/object.

An event is a hint: what it is about is asked from Stripe. So only what identifies it must be valid; of the
rest, what is of another type than expected is left out.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

# As long as the row's columns.
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,100}$", strict=True)]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.]{1,80}$", strict=True)]
# Ids, amounts and states; no name, e-mail or address is kept.
KEPT_FIELDS = (
    "id",
    "object",
    "status",
    "payment_status",
    "amount",
    "amount_total",
    "currency",
    "livemode",
    "client_reference_id",
    "payment_intent",
    "created",
    "expires_at",
)
KEPT_METADATA = ("order", "payment", "refund")
MAX_FAULTS = 5
MAX_TEXT_LENGTH = 255
MAX_NUMBER = 2**63 - 1


class MalformedEvent(Exception):
    """The text is no event; `faults` are the places where it is not."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class EventObject(BaseModel):
    """What the event is about; some objects have no id, such as a balance."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: Identifier | None = None


class EventData(BaseModel):
    object: EventObject


class Event(BaseModel):
    """What identifies an event and what it is about."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: Identifier
    type: Kind
    livemode: bool
    data: EventData

    def without_personal_data(self) -> dict[str, Any]:
        """Return what the row keeps."""
        about = self.data.object.model_dump()
        extra = self.model_extra or {}
        metadata = about.get("metadata")
        return {
            "api_version": _plain(extra, ("api_version",)).get("api_version"),
            "created": _plain(extra, ("created",)).get("created"),
            "object": _plain(about, KEPT_FIELDS),
            "metadata": _plain(metadata, KEPT_METADATA) if isinstance(metadata, dict) else {},
        }


def read_event(text: str) -> Event:
    """Return the event that the text holds. Raise MalformedEvent."""
    try:
        return Event.model_validate_json(text)
    except ValidationError as error:
        places = [".".join(map(str, fault["loc"])) or "JSON" for fault in error.errors(include_input=False)]
        raise MalformedEvent(places[:MAX_FAULTS]) from None


def _plain(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return those of the values that are short texts, whole numbers, true, false or null."""
    return {name: values[name] for name in names if name in values and _is_plain(values[name])}


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT_LENGTH and value.isprintable()
    return value is None or (isinstance(value, int) and abs(value) <= MAX_NUMBER)
