"""Panels, biomarkers, packages and the consent texts that an order records."""

from datetime import date
from decimal import Decimal

from shop.catalogue.models import Biomarker, Package, PackageBiomarker, Panel, Sample, SuitableSex, TaxRate
from shop.orders.models import ConsentText
from tools.demo.loading import content
from tools.demo.loading.once import load_once


def load_biomarkers() -> None:
    data = content.read("biomarkers")
    for position, panel in enumerate(data["panel"]):
        load_once(f"panel:{panel['key']}", _load_panel, panel, position)
    for position, biomarker in enumerate(data["biomarker"]):
        load_once(
            f"biomarker:{biomarker['key']}",
            _load_biomarker,
            biomarker,
            position,
        )


def load_packages() -> None:
    for package in content.read("packages")["package"]:
        load_once(f"package:{package['sku']}", _load_package, package)


def load_tax_rates() -> None:
    for rate in content.read("site")["tax_rate"]:
        load_once(f"tax-rate:{rate['country']}", _load_tax_rate, rate)


def load_consent_texts() -> None:
    for consent in content.read("site")["consent"]:
        load_once(f"consent:{consent['kind']}:{consent['version']}", _load_consent, consent)


def _load_panel(panel: dict, position: int) -> None:
    Panel.objects.get_or_create(
        key=panel["key"],
        defaults={"name": panel["name"], "description": panel.get("description", ""), "position": position},
    )


def _load_biomarker(biomarker: dict, position: int) -> None:
    fields = ("name", "loinc", "ucum", "si_loinc", "si_ucum", "purpose", "explanation")
    Biomarker.objects.get_or_create(
        key=biomarker["key"],
        defaults={
            **{field: biomarker[field] for field in fields},
            "panel": Panel.objects.get(key=biomarker["panel"]),
            "position": position,
        },
    )


def _load_package(data: dict) -> None:
    package, created = Package.objects.get_or_create(
        sku=data["sku"],
        defaults={
            "name": data["name"],
            "summary": data["summary"],
            "price_amount": data["price"],
            "currency": data["currency"],
            "sample": _sample(data["sample"]),
            "collection": data["collection"],
            "preparation": data["preparation"],
            "turnaround_days": data["turnaround_days"],
            "suitable_sex": data.get("suitable_sex", SuitableSex.ANY),
        },
    )
    if created:
        biomarkers = Biomarker.objects.in_bulk(data["biomarkers"], field_name="key")
        PackageBiomarker.objects.bulk_create(
            PackageBiomarker(package=package, biomarker=biomarkers[key]) for key in data["biomarkers"]
        )
        package.save()  # tells the reference index what it measures, which rows made in bulk do not


def _sample(text: str) -> str:
    for sample in Sample:
        if text in {sample.value, str(sample.label)}:
            return sample.value
    raise ValueError(f"Unknown sample in the content files: {text}")


def _load_tax_rate(rate: dict) -> None:
    TaxRate.objects.get_or_create(
        package=None,
        country=rate["country"],
        valid_from=date(2026, 1, 1),
        defaults={"rate": Decimal(rate["percent"])},
    )


def _load_consent(consent: dict) -> None:
    ConsentText.objects.get_or_create(
        kind=consent["kind"], version=int(consent["version"]), defaults={"text": consent["text"]}
    )
