"""Which test files run on PostgreSQL too. tests/README.md says why some of the shop's do not."""

import re
from collections.abc import Iterable
from pathlib import Path

TESTS = Path(__file__).parent
# Money, mail, stock and people's data are proved on the server's database too, whoever wrote the test.
EITHER_DATABASE = "shop"
# Screens, addresses, forms and pure functions: what they ask of the database is proved elsewhere in `shop`.
SQLITE_ALONE = {
    f"shop/{name}"
    for name in (
        "attribution/test_offer_block.py",
        "backoffice/cases/test_cases.py",
        "backoffice/discounts/test_discount_codes.py",
        "backoffice/mail/test_wordings.py",
        "backoffice/orders/test_disputes.py",
        "backoffice/orders/test_link.py",
        "backoffice/orders/test_notes.py",
        "backoffice/orders/test_privacy.py",
        "backoffice/orders/test_refunds.py",
        "backoffice/test_dates.py",
        "backoffice/test_permissions.py",
        "catalogue/test_catalogue_screens.py",
        "catalogue/test_package_pages.py",
        "checkout/test_addresses.py",
        "checkout/test_basket.py",
        "checkout/test_dates.py",
        "checkout/test_details.py",
        "checkout/test_order_page.py",
        "checkout/test_people.py",
        "checkout/test_readiness.py",
        "checkout/test_return_page.py",
        "checkout/access/test_confirmation.py",
        "discounts/test_amounts.py",
        "mail/test_placeholders.py",
        "mail/test_retry_policy.py",
        "orders/test_ages.py",
        "orders/test_codes.py",
        "payments/gateway/test_client.py",
        "receipts/test_documents.py",
        "receipts/test_downloads.py",
    )
}
MARK = re.compile(r"\bmark\.(postgres|either_database)\b")


def is_proved_on_either(path: Path) -> bool:
    """Whether all tests of this file run on both databases, without a mark in it."""
    if not path.is_relative_to(TESTS / EITHER_DATABASE):
        return False
    return path.relative_to(TESTS).as_posix() not in SQLITE_ALONE


def needs_postgresql(path: Path) -> bool:
    """Whether any test of this file runs on PostgreSQL."""
    return is_proved_on_either(path) or MARK.search(path.read_text()) is not None


def test_files(paths: Iterable[Path]) -> list[Path]:
    """The test files that these files and folders are or hold."""
    found = {file for path in paths for file in ([path] if path.is_file() else path.rglob("test_*.py"))}
    return sorted(found)
