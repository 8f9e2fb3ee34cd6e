"""Blocks that any page's body may use. Each has a group, a description and a preview."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock

from cms.core.anchors import heading_anchor
from cms.core.calendar import site_today

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol", "h3"]
ANSWER_FEATURES = ["bold", "italic", "link", "ul", "ol"]

TEXT_GROUP = _("Text")
HELP_GROUP = _("Help for the reader")
MEDIA_GROUP = _("Pictures and tables")
OFFER_GROUP = _("Offers")


class HeadingBlock(blocks.CharBlock):
    """A second-level heading; the contents list links to it by its anchor."""

    class Meta:
        icon = "title"
        group = TEXT_GROUP
        label = _("Heading")
        description = _("Starts a section and appears in the contents list.")
        template = "streamfield/heading.html"
        preview_value = _("What a blood test shows")

    def get_context(self, value, parent_context=None):
        """Add the page's anchor, which is one of a kind there; alone, as in a preview, any will do."""
        return {"anchor": heading_anchor(value), **super().get_context(value, parent_context)}


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        group = TEXT_GROUP
        label = _("Text")
        description = _("Paragraphs with links, emphasis and short lists.")
        template = "streamfield/text.html"
        preview_value = (
            "<p>Sleep, mood and medicines all play a part, and <b>more than one</b> is often at work.</p>"
        )


class ListBlock(blocks.StructBlock):
    style = blocks.ChoiceBlock(
        label=_("Style"), choices=[("bullet", _("Bullets")), ("number", _("Numbers"))], default="bullet"
    )
    items = blocks.ListBlock(
        blocks.RichTextBlock(features=["bold", "italic", "link"], label=_("Item")), label=_("Items")
    )

    class Meta:
        icon = "list-ul"
        group = TEXT_GROUP
        label = _("List")
        description = _("A bulleted or numbered list.")
        template = "streamfield/list.html"
        preview_value = {
            "style": "bullet",
            "items": ["Iron stores that run low over months", "A thyroid that works too slowly"],
        }


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        group = MEDIA_GROUP
        label = _("Picture with caption")
        description = _("A picture across the text column, with alternative text and a caption.")
        template = "streamfield/picture.html"

    def get_preview_value(self):
        """Return some picture of the library."""
        image = get_image_model().objects.order_by("-created_at").first()
        return self.normalize({"image": image, "caption": _("Where the value lies in the usual range.")})


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"), max_length=500)
    attribution = blocks.CharBlock(label=_("Who said it"), required=False, max_length=150)

    class Meta:
        icon = "openquote"
        group = TEXT_GROUP
        label = _("Quote")
        description = _("Somebody's words, set apart.")
        template = "streamfield/quote.html"
        preview_value = {"text": "I thought everybody was this tired.", "attribution": "A reader"}


class KeyPointsBlock(blocks.StructBlock):
    items = blocks.ListBlock(
        blocks.CharBlock(label=_("Point"), max_length=250), label=_("Points"), min_num=1, max_num=6
    )

    class Meta:
        icon = "tick-inverse"
        group = HELP_GROUP
        label = _("Key points")
        description = _("The article in three to five sentences, for a reader in a hurry.")
        template = "streamfield/key_points.html"
        preview_value = {
            "items": [
                "Low iron is common and easy to check.",
                "One normal result does not rule everything out.",
            ]
        }


class UrgentHelpBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, default=_("Get help today if"))
    text = blocks.RichTextBlock(label=_("Text"), features=ANSWER_FEATURES)

    class Meta:
        icon = "warning"
        group = HELP_GROUP
        label = _("Urgent help")
        description = _("Signs that need a doctor or an ambulance, before any offer.")
        template = "streamfield/urgent_help.html"
        preview_value = {
            "heading": "Get help today if",
            "text": "<p>you are short of breath at rest, have chest pain, or have fainted.</p>",
        }


class TableBlock(TypedTableBlock):
    def __init__(self, **kwargs) -> None:
        super().__init__(
            [
                ("text", blocks.CharBlock(label=_("Text"), required=False)),
                (
                    "rich_text",
                    blocks.RichTextBlock(
                        label=_("Text with links"), features=["bold", "italic", "link"], required=False
                    ),
                ),
            ],
            **kwargs,
        )

    class Meta:
        icon = "table"
        group = MEDIA_GROUP
        label = _("Table")
        description = _("Facts side by side, with a caption and column headings.")
        template = "streamfield/table.html"

    def get_preview_value(self):
        return self.to_python(
            {
                "caption": _("What each value adds"),
                "columns": [
                    {"type": "text", "heading": _("Value")},
                    {"type": "text", "heading": _("What it shows")},
                ],
                "rows": [
                    {"values": [_("Ferritin"), _("The iron that the body keeps")]},
                    {"values": [_("TSH"), _("How hard the thyroid is driven")]},
                ],
            }
        )


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=ANSWER_FEATURES)

    class Meta:
        icon = "help"
        group = HELP_GROUP
        label = _("Question and answer")
        description = _("A question that readers ask, with an answer they can open.")
        template = "streamfield/question.html"
        preview_value = {
            "question": "Do I need to fast?",
            "answer": "<p>Yes, for eight to twelve hours. Water is fine.</p>",
        }

    def get_context(self, value, parent_context=None):
        return {"anchor": heading_anchor(value["question"]), **super().get_context(value, parent_context)}


class SourceBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=250)
    publisher = blocks.CharBlock(label=_("Publisher"), max_length=150)
    url = blocks.URLBlock(label=_("Address"))
    year = blocks.IntegerBlock(label=_("Year"), required=False, min_value=1900, max_value=2100)

    class Meta:
        icon = "link"
        group = HELP_GROUP
        label = _("Source")
        description = _("A publication that the page rests on.")
        template = "streamfield/source.html"
        preview_value = {
            "title": "Anaemia",
            "publisher": "World Health Organization",
            "url": "https://www.who.int/",
            "year": 2023,
        }

    def clean(self, value):
        """Raise ValidationError for a year too far ahead: journals date issues ahead by a year at most."""
        cleaned = super().clean(value)
        if cleaned.get("year") and cleaned["year"] > site_today().year + 1:
            wrong = ValidationError(_("This year lies in the future."))
            raise blocks.StructBlockValidationError(block_errors={"year": wrong})
        return cleaned


TEXT_BLOCKS = [
    ("heading", HeadingBlock()),
    ("text", TextBlock()),
    ("list", ListBlock()),
    ("picture", PictureBlock()),
    ("quote", QuoteBlock()),
    ("key_points", KeyPointsBlock()),
    ("urgent_help", UrgentHelpBlock()),
    ("table", TableBlock()),
]
