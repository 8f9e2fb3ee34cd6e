"""Packages with what they measure and cost, and the pages that present them."""

from shop.catalogue.models.biomarkers import Biomarker, Panel
from shop.catalogue.models.packages import (
    MIN_PRICE_AMOUNT,
    Availability,
    Package,
    PackageBiomarker,
    PackageQuerySet,
    Sample,
    SuitableSex,
)
from shop.catalogue.models.pages import (
    PackageIndexPage,
    PackagePage,
    PackagePageManager,
    PackagePageQuerySet,
    RelatedLink,
)
from shop.catalogue.models.stock import StockReservation
from shop.catalogue.models.tax import TaxRate

__all__ = [
    "MIN_PRICE_AMOUNT",
    "Availability",
    "Biomarker",
    "Package",
    "PackageBiomarker",
    "PackageIndexPage",
    "PackagePage",
    "PackagePageManager",
    "PackagePageQuerySet",
    "PackageQuerySet",
    "Panel",
    "RelatedLink",
    "Sample",
    "StockReservation",
    "SuitableSex",
    "TaxRate",
]
