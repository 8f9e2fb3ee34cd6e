"""Content files' blocks as StreamField data."""

import json
from collections.abc import Callable, Iterable
from uuid import uuid4

from shop.catalogue.models import Package
from tools.demo.loading.images import demo_image

Block = dict


def questions(items: Iterable[Block]) -> str:
    return stream(
        _block("question", {"question": item["question"], "answer": item["answer"]}) for item in items
    )


def sources(items: Iterable[Block]) -> str:
    return stream(_block("source", item) for item in items)


def helplines(items: Iterable[Block]) -> str:
    return stream(_block("helpline", {"number": "", **item}) for item in items)


def items(texts: Iterable[str]) -> str:
    return stream(_block("item", text) for text in texts)


def body(blocks: Iterable[Block]) -> str:
    """Return a page's body, in which an offer's SKU becomes its package."""
    return stream(
        _block(BLOCK_NAMES.get(block["type"], block["type"]), CONVERTERS[block["type"]](block))
        for block in blocks
    )


def question_groups(groups: Iterable[Block], offer: Block | None) -> str:
    blocks = [
        _block(
            "group",
            {
                "title": group["title"],
                "questions": [_block("item", _question(item)) for item in group["questions"]],
            },
        )
        for group in groups
    ]
    if offer:
        blocks.append(_block("offer", _offer(offer)))
    return stream(blocks)


def stream(blocks: Iterable[Block]) -> str:
    return json.dumps(list(blocks), default=str)


def _body_block(block: Block) -> Block:
    kind = block["type"]
    return _block(BLOCK_NAMES.get(kind, kind), CONVERTERS[kind](block))


def _block(kind: str, value: object) -> Block:
    # Without an id, a list block takes the whole dictionary for the item's value.
    return {"type": kind, "value": value, "id": str(uuid4())}


def _question(item: Block) -> Block:
    return {"question": item["question"], "answer": item["answer"]}


def _offer(block: Block) -> Block:
    return {"package": Package.objects.get(sku=block["sku"]).pk, "reason": block["reason"]}


def _picture(block: Block) -> Block:
    alt_text = block["picture_alt"]
    image = demo_image(block["picture"], title=alt_text, description=alt_text)
    return {
        "image": {"image": image.pk, "alt_text": alt_text, "decorative": False},
        "caption": block.get("caption", ""),
    }


def _table(block: Block) -> Block:
    return {
        "caption": block.get("caption", ""),
        "columns": [{"type": "text", "heading": heading} for heading in block["header"]],
        "rows": [{"values": row} for row in block["rows"]],
    }


CONVERTERS: dict[str, Callable[[Block], object]] = {
    "heading": lambda block: block["text"],
    "text": lambda block: block["html"],
    "list": lambda block: {
        "style": block.get("style", "bullet"),
        "items": [_block("item", item) for item in block["items"]],
    },
    "image": _picture,
    "quote": lambda block: {"text": block["text"], "attribution": block.get("attribution", "")},
    "key_points": lambda block: {"items": [_block("item", item) for item in block["items"]]},
    "urgent_help": lambda block: {"heading": block["heading"], "text": block["html"]},
    "table": _table,
    "offer": _offer,
}
BLOCK_NAMES = {"image": "picture"}
