from shop.orders.models import ConsentKind, ConsentText


def current_texts() -> list[ConsentText]:
    """The newest wording of each kind of consent, in the order of the kinds."""
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.order_by("version"):
        newest[text.kind] = text
    return [newest[kind] for kind in ConsentKind.values if kind in newest]
