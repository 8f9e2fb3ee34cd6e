"""How long an order takes to be placed with few and with many orders in the database."""

import statistics
import time

from shop.catalogue.models import Package
from shop.orders.models import Order
from shop.orders.placing import LineRequest, place_order
from tests.factories.shop import make_details, make_order
from tools.bench.money.multiplying import multiply

WARM_UP = 5


def measure(package: Package, sizes: list[int], placed: int) -> list[str]:
    """A figure for each size, and their ratio."""
    template = make_order(package=package, email="template@checkup.example")
    figures = []
    for size in sizes:
        began = time.perf_counter()
        multiply(template, size - Order.objects.count())
        print(f"{Order.objects.count():,} orders after {time.perf_counter() - began:.0f} s", flush=True)
        figures.append(_milliseconds(LineRequest(package=package, quantity=1), placed))
    rows = [
        f"place an order       {median:>10.1f} ms, slowest of a hundred {slowest:.1f} ms, at {size:,} orders"
        for size, (median, slowest) in zip(sizes, figures, strict=True)
    ]
    ratio = figures[-1][0] / figures[0][0]
    return [*rows, f"ratio                {ratio:>10.2f} times as long with many orders"]


def _milliseconds(line: LineRequest, placed: int) -> tuple[float, float]:
    """The median and the slowest of a hundred; each order is a transaction of its own."""
    times = []
    for number in range(WARM_UP + placed):
        details = make_details(email=f"placed-{number}@checkup.example")
        began = time.perf_counter()
        place_order(details, [line])
        times.append((time.perf_counter() - began) * 1000)
    measured = sorted(times[WARM_UP:])
    return statistics.median(measured), measured[min(len(measured) - 1, int(len(measured) * 0.99))]
