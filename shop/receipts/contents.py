"""What stands in a receipt, as plain values. A line is named by its SKU: no package, no biomarker."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django_countries import countries

from cms.core.models import SiteSettings
from shop.orders.models import Order


def receipt_data(order: Order) -> dict:
    """The content of a paid order's receipt. Amounts in minor units, rates in percent as text."""
    lines = list(order.lines.all())
    return {
        **_parties(order),
        "lines": [
            {
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_amount": line.unit_amount,
                "total_amount": line.total_amount,
            }
            for line in lines
        ],
        "discount_amount": sum(line.discount_amount for line in lines),
        "taxes": _taxes_by_rate(lines),
        "total_amount": order.total_amount,
    }


def correction_data(order: Order, original: dict, *, before: int, amount: int) -> dict:
    """The content of a correction by this amount, after corrections by `before` altogether.

    Each rate's part is the difference of two running sums, so the corrections of a whole refund add up to
    the receipt's own tax, to the last unit.
    """
    until = _shares(original, before + amount)
    already = _shares(original, before)
    return {
        **_parties(order),
        "lines": [],
        "discount_amount": 0,
        "taxes": [
            {
                "rate": now["rate"],
                "gross_amount": now["gross_amount"] - then["gross_amount"],
                "tax_amount": now["tax_amount"] - then["tax_amount"],
            }
            for now, then in zip(until, already, strict=True)
        ],
        "total_amount": amount,
    }


def _parties(order: Order) -> dict:
    site_settings = SiteSettings.objects.filter(site__is_default_site=True).first()
    return {
        "seller": {
            "name": settings.WAGTAIL_SITE_NAME,
            "address": site_settings.postal_address.splitlines() if site_settings else [],
        },
        "buyer": {"name": order.buyer_name, "address": _address(order)},
        "order_code": order.code,
        "currency": order.currency,
        "paid_on": order.paid_at.date().isoformat() if order.paid_at else "",
    }


def _address(order: Order) -> list[str]:
    town = " ".join(filter(None, [order.city, order.region, order.postal_code]))
    return [*filter(None, [order.address_line_1, order.address_line_2]), town, countries.name(order.country)]


def _taxes_by_rate(lines: list) -> list[dict]:
    gross: defaultdict[Decimal, int] = defaultdict(int)
    tax: defaultdict[Decimal, int] = defaultdict(int)
    for line in lines:
        gross[line.tax_rate] += line.payable_amount
        tax[line.tax_rate] += line.tax_amount
    return [
        {"rate": f"{rate.normalize():f}", "gross_amount": gross[rate], "tax_amount": tax[rate]}
        for rate in sorted(gross)
    ]


def _shares(original: dict, amount: int) -> list[dict]:
    """How a part of the total divides into the receipt's rates."""
    total, shares, gross_until, given = original["total_amount"], [], 0, 0
    for tax in original["taxes"]:
        gross_until += tax["gross_amount"]
        reached = _part(gross_until, amount, total)
        shares.append(
            {
                "rate": tax["rate"],
                "gross_amount": reached - given,
                "tax_amount": _part(tax["tax_amount"], amount, total),
            }
        )
        given = reached
    return shares


def _part(whole: int, amount: int, total: int) -> int:
    if not total:
        return 0
    return int((Decimal(whole) * amount / total).quantize(Decimal(1), rounding=ROUND_HALF_UP))
