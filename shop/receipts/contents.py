"""What stands in a receipt, as plain values. A line is named by its SKU: no package, no biomarker."""

from collections import defaultdict
from decimal import Decimal

from django.conf import settings
from django_countries import countries

from cms.core.calendar import site_day
from cms.core.models import SiteSettings
from shop.orders.models import Order


def receipt_data(order: Order) -> dict:
    """Return the content of a paid order's receipt. Amounts in minor units, rates in percent as text."""
    lines = list(order.lines.all())
    return {
        **parties(order),
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


def parties(order: Order) -> dict:
    """Return who a document is from and for, and which order it is about."""
    site_settings = SiteSettings.objects.filter(site__is_default_site=True).first()
    return {
        "seller": {
            "name": settings.WAGTAIL_SITE_NAME,
            "address": site_settings.postal_address.splitlines() if site_settings else [],
        },
        "buyer": {"name": order.buyer_name, "address": _address(order)},
        "order_code": order.code,
        "currency": order.currency,
        "paid_on": site_day(order.paid_at).isoformat() if order.paid_at else "",
    }


def rate_text(rate: Decimal) -> str:
    """Return a tax rate as documents keep it: 20 or 5.5."""
    return f"{rate.normalize():f}"


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
        {"rate": rate_text(rate), "gross_amount": gross[rate], "tax_amount": tax[rate]}
        for rate in sorted(gross)
    ]
