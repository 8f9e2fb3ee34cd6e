"""What editors paste from Word, Excel, LibreOffice and Google keeps its headings, lists, rows and cells."""

import pytest
from playwright.sync_api import Page

from tests.browser import journey
from tests.live_site import LiveSite
from tests.services import wait_until

pytestmark = pytest.mark.browser

EXCEL = """<html><body><!--StartFragment--><table><caption>Values</caption>
<tr height=20><td class=xl63>Ferritin</td><td align=right>24</td><td><p>ng</p><p>mL</p></td></tr>
<tr><td><b>TSH</b></td><td></td><td>mIU/L</td></tr></table><!--EndFragment--></body></html>"""
WORD = """<html><body><p class=MsoTitle>Iron</p><h1><span lang=EN-GB>Tired<o:p></o:p></span></h1>
<h2>Causes</h2><p class=MsoNormal>It is <b>low</b>.</p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>Sleep</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>At night</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Mood</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.</span>First</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>viii.</span>Eighth</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>(b)</span>Last</p>
<h5 style='mso-list:l2 level1 lfo3'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>Numbered</h5>
<p class=MsoHeading7>Seventh<a style='mso-footnote-id:ftn1' href="#_ftn1">[1]</a></p>
</body></html>"""
WORD_ONLINE = """<div><p role="heading" aria-level="1">Tired<span class="EOP">&nbsp;</span></p></div>
<ul role="list"><li role="listitem"><p><span>Sleep</span><span class="EOP">&nbsp;</span></p></li></ul>"""
WRITER = """<html><head><title></title></head><body lang="en-GB"><p class="title">Iron</p>
<ul><li><p>Sleep</p></li><li><p>Mood</p><ul><li><p>Low</p></li></ul></li></ul></body></html>"""
GOOGLE_SHEETS = """<google-sheets-html-origin><style type="text/css"><!--td {color: red;}--></style><table>
<tbody><tr><td>TSH</td><td>1<br>2</td></tr></tbody></table>"""
PASTE = """(element, [text, html]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  clipboardData.setData("text/html", html);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
WRITTEN = """element => [...element.querySelectorAll("[data-block]")].map((block) => {
  const kind = block.localName === "li" ? block.parentElement.localName : block.localName;
  const level = block.className.includes("depth1") ? " inside" : "";
  return `${kind}${level}: ${block.innerText}`;
})"""


@pytest.fixture
def editor(page: Page, live_site: LiveSite) -> Page:
    """Open a new plain page, as an editor sees it."""
    journey.log_in(page, "editor")
    home = live_site.run("from home.models import HomePage; print(HomePage.objects.get().pk)").split()[-1]
    page.goto(f"/admin/pages/add/home/plainpage/{home}/")
    return page


def insert(editor: Page, block: str) -> None:
    editor.get_by_role("button", name="Insert a block").last.click()
    editor.get_by_role("option", name=block, exact=True).click()


@pytest.mark.parametrize(
    ("html", "written"),
    [
        (EXCEL, ["div: Values", "div: Ferritin · 24 · ng mL", "div: TSH · mIU/L"]),
        (
            WORD,
            [
                *("h3: Iron", "h3: Tired", "h3: Causes", "div: It is low."),
                *("ul: Sleep", "ul inside: At night", "ul: Mood", "ol: First", "ol: Eighth", "ol: Last"),
                *("h3: Numbered", "h3: Seventh[1]"),
            ],
        ),
        (WORD_ONLINE, ["h3: Tired", "ul: Sleep"]),
        (WRITER, ["h3: Iron", "ul: Sleep", "ul: Mood", "ul inside: Low"]),
        (GOOGLE_SHEETS, ["div: TSH · 1 2"]),
    ],
)
def test_a_text_takes_it_as_it_was_meant(editor: Page, html: str, written: list[str]):
    insert(editor, "Text")
    text = editor.locator(".public-DraftEditor-content").last
    text.click()
    editor.locator(".Draftail-Editor--focus").wait_for()
    text.evaluate(PASTE, ["as plain text", html])
    wait_until(lambda: text.inner_text().strip(), what="the text")
    assert text.evaluate(WRITTEN) == written


def test_a_field_of_one_line_keeps_cells_and_rows_apart(editor: Page):
    title = editor.locator("#id_title")
    title.evaluate(PASTE, ["Iron\t24\r\nTSH\t1.9\n", ""])
    assert title.input_value() == "Iron · 24 · TSH · 1.9"


def test_a_table_takes_each_cell_into_a_field_of_its_own(editor: Page):
    insert(editor, "Table")
    table = editor.locator(".typed-table-block table").last
    table.locator("[data-append-column]").click()
    editor.get_by_role("button", name="Text", exact=True).last.click()
    heading = table.locator(".column-heading")
    heading.evaluate(PASTE, ['Value\tShows\r\nFerritin\t"Iron,\nin store"\r\nTSH\t\r\n', ""])
    fields = table.locator("input[type=text]").evaluate_all("inputs => inputs.map((input) => input.value)")
    assert fields[:6] == ["Value", "Shows", "Ferritin", "Iron, in store", "TSH", ""]
