"""What the PDF says, read back with a reader of PDFs."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from shop.orders.models import Order
from shop.receipts.corrections import Part
from shop.receipts.documents import pdf_of
from shop.receipts.erasure import erase_personal_data
from shop.receipts.issuing import issue_correction, issue_receipt, issue_reversal
from shop.receipts.models import Receipt

pytestmark = pytest.mark.django_db


def read(receipt: Receipt) -> PdfReader:
    return PdfReader(BytesIO(pdf_of(receipt.pk)))


def text_of(receipt: Receipt) -> str:
    return "\n".join(page.extract_text() for page in read(receipt).pages)


def test_it_says_number_buyer_seller_sum_and_tax(order, receipt):
    text = text_of(receipt)

    for word in (
        receipt.number,
        "Ada Buyer",
        "1 Example Street",
        "Checkup Ltd",
        order.code,
        "K-1",
        "$198",
        "USD",
        "20 %",
        "$33",
        "$165",
    ):
        assert word in text


def test_it_tells_no_health_detail(receipt):
    text = text_of(receipt)

    for word in ("Iron", "Ferritin", "FER", "2276-4", "Person 1", "1985"):
        assert word not in text


def test_it_is_tagged_and_has_a_language_and_a_title(receipt):
    reader = read(receipt)
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert reader.metadata.title == f"Receipt {receipt.number}"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_markup_in_a_name_is_plain_text(order):
    name = '*bold* #panic("x") = $y$ @z \\ <b>'
    Order.objects.filter(pk=order.pk).update(buyer_name=name)

    assert name in text_of(issue_receipt(order))


def receipt_for(order: Order, name: str) -> Receipt:
    Order.objects.filter(pk=order.pk).update(buyer_name=name)
    return issue_receipt(order)


def is_accessible(receipt: Receipt) -> bool:
    root = read(receipt).trailer["/Root"]
    return "/StructTreeRoot" in root and b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.parametrize(
    "name",
    ["Zoë Łukasz Đặng Ngọc Ñandú Ğüneş Őrsi", "Γιώργος Παπαδόπουλος", "Юлія Їжак Ђорђе", "Արմեն Սարգսյան"],
    ids=["Latin", "Greek", "Cyrillic", "Armenian"],
)
def test_a_name_stands_in_it_as_it_was_given(order, caplog, name):
    receipt = receipt_for(order, name)

    assert name in text_of(receipt)
    assert is_accessible(receipt)
    assert not caplog.records


@pytest.mark.parametrize("name", ["محمد الأحمد", "דוד כהן"], ids=["Arabic", "Hebrew"])
def test_a_name_that_is_read_from_the_right_keeps_its_letters(order, caplog, name):
    receipt = receipt_for(order, name)

    # The reader gives the words of such a line in the order in which they stand on paper.
    for word in name.split():
        assert word in text_of(receipt)
    assert is_accessible(receipt)
    assert not caplog.records


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("山田 太郎", "ShanTian TaiLang"),
        ("김철수", "GimCheolSu"),
        ("สมชาย", "smchay"),
        ("Zoë 山田", "Zoë ShanTian"),
        ("Ada \x07\U0001f600", "Ada :grinning:"),
        ("Ada \x07", "Ada ?"),
    ],
    ids=["Japanese", "Korean", "Thai", "mixed", "emoji", "control"],
)
def test_what_no_font_has_is_written_in_latin_letters_and_the_data_keeps_it(order, caplog, name, shown):
    receipt = receipt_for(order, name)
    text = text_of(receipt)

    assert shown in text
    assert "Some words are written in Latin letters here." in text
    assert "\x00" not in text
    assert is_accessible(receipt)
    receipt.refresh_from_db()
    assert receipt.data["buyer"]["name"] == name


def test_such_a_document_is_logged_without_the_name(order, caplog):
    receipt = receipt_for(order, "山田 太郎")
    pdf_of(receipt.pk)

    (record,) = caplog.records
    assert (record.levelname, receipt.number in record.getMessage()) == ("WARNING", True)
    assert "山田" not in caplog.text


def test_an_address_that_no_font_has_is_written_in_latin_letters_too(order):
    Order.objects.filter(pk=order.pk).update(city="東京都")
    receipt = issue_receipt(order)

    assert "DongJingDou" in text_of(receipt)
    assert is_accessible(receipt)


def test_it_is_drawn_once_and_kept(receipt):
    first = pdf_of(receipt.pk)
    Receipt.objects.filter(pk=receipt.pk).update(data={})

    assert pdf_of(receipt.pk) == first
    receipt.refresh_from_db()
    assert len(receipt.sha256) == 64


def test_a_correction_names_what_it_corrects(order, receipt):
    text = text_of(issue_correction(order, 9900, "refund-1"))

    assert receipt.number in text
    assert "$99" in text
    assert "$16.50" in text


def test_a_reversal_says_what_it_takes_back_and_why(order):
    correction = issue_correction(order, 9900, "refund-1")
    reversal = issue_reversal(order, "refund-1")

    text = text_of(reversal)
    assert f"Takes back correction {correction.number}: the refund did not reach the buyer." in text
    assert "-$99" in text
    assert "-$16.50" in text
    assert read(reversal).metadata.title == f"Reversal {reversal.number}"
    assert reversal.file_name == f"reversal-{reversal.number}.pdf"
    assert b"pdfuaid" in read(reversal).trailer["/Root"]["/Metadata"].get_data()


def test_a_correction_by_line_names_the_article_and_how_many(order):
    part = Part(order.lines.get(), quantity=1, amount=9900)

    text = text_of(issue_correction(order, 9900, "refund-1", [part]))

    assert "K-1" in text
    assert "Iron" not in text


def test_after_an_erasure_nothing_of_the_buyer_is_left_in_it(order, receipt):
    assert "Ada Buyer" in text_of(receipt)
    erase_personal_data(order)

    text = text_of(receipt)
    assert receipt.number in text
    assert "$198" in text
    assert "Ada" not in text
    assert "Example Street" not in text
