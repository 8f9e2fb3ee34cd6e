"""A wording reaches the plain names that its mail offers, and nothing behind them."""

import pytest

from shop.mail.placeholders import UnusableText, check, fill

VALUES = {"order_code": "K7QM4XPR", "buyer_name": "Jo {total} O'Hara"}


@pytest.mark.parametrize(
    "text",
    [
        "{order.__class__}",
        "{order_code.__class__}",
        "{order_code.__class__.__mro__[1].__subclasses__}",
        "{order_code[0]}",
        "{order_code!r}",
        "{order_code:>{width}}",
        "{order_code:%d}",
        "{nobody}",
        "{}",
        "{0}",
        "{ order_code }",
        "{order_code",
        "order_code}",
    ],
)
def test_anything_but_a_plain_offered_name_is_refused(text):
    with pytest.raises(UnusableText):
        check(text, VALUES)
    with pytest.raises(UnusableText):
        fill(text, VALUES)


def test_a_refusal_names_the_placeholder():
    with pytest.raises(UnusableText, match=r"\{order\.__class__\}"):
        check("Hello {order.__class__}", VALUES)


def test_values_stand_for_their_names_and_are_not_read_again():
    assert fill("{buyer_name}: {order_code}", VALUES) == "Jo {total} O'Hara: K7QM4XPR"


def test_doubled_braces_are_braces_and_template_code_is_only_text():
    assert fill("{{ order_code }} {% now 'Y' %}".replace("{%", "{{%").replace("%}", "%}}"), VALUES) == (
        "{ order_code } {% now 'Y' %}"
    )
