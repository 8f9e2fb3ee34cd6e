from cms.page_cache.versions import remember
from shop.orders.models import ConsentKind, ConsentText


def current_texts() -> list[ConsentText]:
    """The newest wording of each kind of consent, in the order of the kinds; kept until one is added."""
    return [ConsentText(**values) for values in remember("consent-texts", _newest_texts)]


def _newest_texts() -> list[dict]:
    texts = ConsentText.objects.order_by("version").values("pk", "kind", "version", "text")
    newest = {text["kind"]: dict(text) for text in texts}
    return [newest[kind] for kind in ConsentKind.values if kind in newest]
