"""Words of a crisis are known however they are written, and ordinary worries are not taken for one."""

import unicodedata

import pytest

from home.search.crisis import crises_in

DESPAIR = """
i want to kill myself|kill my self|I’m going to kill myself|i want to kil myself|KILL MYSELF!!!
killmyself|i wanna die|i want too die|wish I was dead|I don't want to live anymore
I don’t want to be here anymore|end my life|i want to end it all|no reason to live|tired of living
i can’t go on|suicide|suicides|suicidal thoughts|siucide|sucide|suiside|ｓｕｉｃｉｄｅ|suïcide
su\u200bicide|s u i c i d e|sui-cide|su1c!de|suiciiiide|kms|kys|self harm|self-harm|selfharming
hurting myself|cut my wrists|my friend wants to kill himself|painless way to die
how do i kill my baby
"""
POISONING = "overdose|overdoses|ovedose|overdosed on tablets|took too many pills|my son swallowed bleach"
ABUSE = "abuse|abused|abusive husband|my husband hits me|he beats me|domestic violence|i was raped"
EMERGENCY = """
chest pain|chest pians|pain in my chest|my chest hurts|tight chest|heart attack|hart attack|stroke
strokes|storke|can't breathe|cant breath|trouble breathing|slurred speech|unconscious|vomiting blood
bleeding won't stop|anaphylaxis
"""
ORDINARY = """
iron|always tired|why am i so tired|stomach pain|killer t cells
does alcohol kill brain cells, tell me|how many kms|run 10 kms|overuse injury|my period is overdue
hair dye|i want to diet|cheat meal|heart rate|heart palpitations|strike|breath test for h pylori
breast pain|self test kit|cut down alcohol|end of life care|hate needles|living with pcos
alcohol abuse|food poisoning|rapid weight loss|rape seed oil|heavy bleeding iron|afraid of needles
too much iron|i want to live longer|emergency contraception|numb fingers|how do people get hepatitis
dead skin|therapist|refund
"""


def cases(text: str) -> list[str]:
    return [query for line in text.strip().splitlines() for query in line.split("|")]


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        (kind, query)
        for kind, text in [
            ("despair", DESPAIR),
            ("poisoning", POISONING),
            ("abuse", ABUSE),
            ("emergency", EMERGENCY),
        ]
        for query in cases(text)
    ],
)
def test_a_crisis_is_known_however_it_is_written(kind: str, query: str):
    assert kind in crises_in(query)


PLAIN = ["i don't want to live", "can't breathe", "suicide", "self harm", "overdose", "domestic violence"]
INVISIBLE = ("\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\u034f", "\ufe0f", "\u3164", "\u2800", "\x00")
CYRILLIC = str.maketrans("aeoi", "аеоі")
STROKES = str.maketrans("oldi", "øłđı")
SMALL_CAPITALS = str.maketrans("abcdefhiklmnortuvw", "ᴀʙᴄᴅᴇꜰʜɪᴋʟᴍɴᴏʀᴛᴜᴠᴡ")


def spellings(text: str) -> list[str]:
    """Return the words as keyboards, word processors and other programs may send them."""
    return [
        text.upper(), text.title(), f"  {text.replace(' ', '  ')} ", text.replace(" ", "\n\t"),
        text.replace(" ", "\u00a0"), text.replace(" ", "\u3000"), text.replace(" ", " — "), f"“{text}”…",
        *(text.replace("'", sign) for sign in ("", " ", "’", "‘", "ʼ", "`", "´", "′", "＇", "‛", "ʹ", "ꞌ")),
        *(sign.join(text) for sign in INVISIBLE),
        unicodedata.normalize("NFC", "\u0301".join(text)), "\u0308".join(text),
        text.translate(CYRILLIC), text.translate(STROKES), text.translate(SMALL_CAPITALS),
        "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    ]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_no_way_of_typing_hides_a_crisis(text: str):
    assert crises_in(text)
    assert [spelling for spelling in spellings(text) if crises_in(spelling) != crises_in(text)] == []


@pytest.mark.parametrize("query", cases(ORDINARY))
def test_an_ordinary_worry_is_no_crisis(query: str):
    assert crises_in(query) == []


def test_what_may_be_poison_is_answered_to_be_safe():
    assert crises_in("overdose of vitamin d") == ["poisoning"]


def test_a_long_text_is_read_to_where_it_says_what_is_needed():
    assert crises_in("I have not slept for weeks and " * 20 + "now I want to kill myself") == ["despair"]
