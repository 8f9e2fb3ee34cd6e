"""Form-encoded parameters, checked against the types that the SDK itself ships."""

import re
import sys
import types
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from stripe import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import TypedDict, get_type_hints, is_typeddict

from .errors import StripeError

BRACKETS = re.compile(r"\[([^\]]*)\]")
# Stripe reads an empty value as "unset this", and refuses it where there is nothing to unset.
FilledText = Annotated[str, Field(min_length=1)]


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return `a[b][0]=x` as {"a": {"b": {"0": "x"}}}. Lists stay dicts until a type says what they are."""
    parameters: dict[str, Any] = {}
    for key, value in pairs:
        parts = [key.partition("[")[0], *BRACKETS.findall(key)]
        node = parameters
        for part in parts[:-1]:
            node = node.setdefault(part or str(len(node)), {})
            if not isinstance(node, dict):
                raise StripeError(f"Invalid hash: {key}", param=key)
        node[parts[-1] or str(len(node))] = value
    return parameters


def validate(parameters: Mapping[str, Any], declaration: type) -> dict[str, Any]:
    """Return the parameters with their right Python types. Raise StripeError (400) as Stripe would."""
    try:
        return adapter(declaration).validate_python(parameters)
    except ValidationError as invalid:
        raise refusal(invalid, parameters) from None


@cache
def adapter(declaration: type) -> TypeAdapter:
    """Return a validator for one of the SDK's parameter types that refuses unknown keys at any depth."""
    return TypeAdapter(wire_type(declaration))


def wire_type(annotation: Any) -> Any:
    """
    Return the type as it travels: the SDK's declarations also admit what only Python code may pass.

    Request options and Stripe objects never reach the wire. `Literal[...] | str` in the SDK leaves room
    for values of later API versions, which the pinned version refuses.
    """
    if is_typeddict(annotation):
        return wire_document(annotation)
    if annotation is str:
        return FilledText
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is list:
        rows = types.GenericAlias(list, (wire_type(arguments[0]),))
        return Annotated[rows, BeforeValidator(listed)]
    if origin is dict:
        value = arguments[1]
        return types.GenericAlias(dict, (str, str if value is str else wire_type(value)))
    if origin in (Union, types.UnionType):
        return wire_union(arguments)
    return annotation


@cache
def wire_document(declaration: type) -> Any:
    """Return a TypedDict as `wire_type` of each of its keys."""
    own = {
        name: annotation
        for name, annotation in declaration.__annotations__.items()
        if name not in RequestOptions.__annotations__
    }
    hints = get_type_hints(
        types.SimpleNamespace(__annotations__=own),
        globalns=vars(sys.modules[declaration.__module__]),
        include_extras=True,
    )
    fields = {
        name: NotRequired[wire_type(get_args(hint)[0])]
        if get_origin(hint) is NotRequired
        else wire_type(hint)
        for name, hint in hints.items()
    }
    document = TypedDict(declaration.__name__, fields)  # type: ignore[misc]  # made at run time
    return with_config(ConfigDict(extra="forbid"))(document)


def wire_union(members: tuple[Any, ...]) -> Any:
    """Return the members that can be told from text, with open enumerations closed."""
    choices = {choice for member in members if get_origin(member) is Literal for choice in get_args(member)}
    closed, emptyable = bool(choices - {""}), "" in choices
    kept = []
    for member in members:
        if get_origin(member) is UntypedStripeObject or (member is str and closed):
            continue
        kept.append(str if member is str and emptyable else wire_type(member))
    return Union[tuple(kept)]  # noqa: UP007  # the members are known at run time only


def listed(value: Any) -> Any:
    """Return {"0": a, "1": b} as [a, b]; anything else is left for the type to refuse."""
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


def refusal(invalid: ValidationError, parameters: Mapping[str, Any]) -> StripeError:
    """Return the first problem in Stripe's shape: unknown keys before missing ones before bad values."""
    order = {"extra_forbidden": 0, "missing": 1}
    problem = min(invalid.errors(), key=lambda error: order.get(error["type"], 2))
    param = bracketed(problem["loc"], parameters)
    given = problem["input"]
    match problem["type"]:
        case "extra_forbidden":
            return StripeError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
        case "missing":
            return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)
        case "string_too_short":
            message = f"'{param}' was sent empty, and it cannot be unset."
            return StripeError(message, code="parameter_invalid_empty", param=param)
        case "int_parsing" | "int_type":
            return StripeError(f"Invalid integer: {given}", code="parameter_invalid_integer", param=param)
        case "literal_error":
            expected = problem["ctx"]["expected"].replace("'", "")
            return StripeError(f"Invalid {param}: must be one of {expected}", param=param)
        case _:
            return StripeError(f"Invalid {param}: {problem['msg']}", param=param)


def bracketed(location: tuple[int | str, ...], parameters: Any) -> str:
    """Return ("line_items", 0, "price_data") as line_items[0][price_data], without pydantic's union tags."""
    keys: list[str] = []
    node = parameters
    for position, key in enumerate(map(str, location)):
        last = position == len(location) - 1
        if isinstance(node, dict) and (key in node or last):
            keys.append(key)
            node = node.get(key)
    return keys[0] + "".join(f"[{key}]" for key in keys[1:]) if keys else ""
