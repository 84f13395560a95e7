"""People's text: one door to let it in, one to make it safe to show.

What a widget, a log, a mail or a terminal would take as a command is a character that is never let in, and is replaced
when it is shown: somebody else may have written the row.
"""

import unicodedata
from enum import StrEnum
from functools import lru_cache

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MOST_MARKS = 2
"""Combining marks kept on one character; more of them climb over the neighbouring lines."""
_LOOK_AHEAD = 8
"""How many times the limit is looked at, so that the work is bounded by the limit and not by what was sent."""

_INVISIBLE = frozenset(
    "\N{COMBINING GRAPHEME JOINER}"
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
    "\N{KHMER VOWEL INHERENT AQ}\N{KHMER VOWEL INHERENT AA}"
    "\N{BRAILLE PATTERN BLANK}"
    "\N{MONGOLIAN FREE VARIATION SELECTOR ONE}\N{MONGOLIAN FREE VARIATION SELECTOR TWO}"
    "\N{MONGOLIAN FREE VARIATION SELECTOR THREE}\N{MONGOLIAN FREE VARIATION SELECTOR FOUR}"
).union(map(chr, range(0xFE00, 0xFE10)), map(chr, range(0xE0100, 0xE01F0)))
"""Drawn as nothing though Unicode calls them letters, marks or signs (Default_Ignorable_Code_Point, and one blank)."""


class TextProblem(StrEnum):
    """Why a text is not let in, as a sentence for whoever typed it."""

    TOO_LONG = "This is too long."
    TOO_MANY_LINES = "This has too many lines."
    CONTROL = "This holds a control character, which cannot be used. Type it instead of pasting it."
    INVISIBLE = "This holds an invisible character, which cannot be used. Type it instead of pasting it."
    UNKNOWN = "This holds a character that Unicode does not define, which cannot be used."
    BROKEN = "This holds half a character. Type it again."


def accept(text: str, *, limit: int, lines: int = 1) -> str | TextProblem:
    """`text` as it is kept (Unicode NFC, one kind of line end, plain spaces, ends stripped), or why it is not let in.

    `limit` counts code points, `lines` the lines it may have. Neither an empty text nor what it means is judged here.
    """
    if len(text) > _LOOK_AHEAD * limit:
        return TextProblem.TOO_LONG
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if lines > 1:
        text = text.replace("\t", " ")
    if len(text) > limit:
        return TextProblem.TOO_LONG
    if text.count("\n") >= lines:
        return TextProblem.CONTROL if lines == 1 else TextProblem.TOO_MANY_LINES
    for character in text:
        if character != "\n" and (problem := _problem(character)) is not None:
            return problem
    return "".join(" " if unicodedata.category(character) == "Zs" else character for character in text).strip()


def shown(text: str, *, limit: int = 200, lines: int = 1) -> str:
    """`text` so that showing it does nothing but show it: at most `limit` code points in at most `lines` lines.

    What could move the cursor, hide, reorder or pile up is replaced; what is cut ends in an ellipsis. Showing what was
    shown changes nothing. Markup is not its business: widgets get text as a literal.
    """
    cut = len(text) > _LOOK_AHEAD * limit
    text = unicodedata.normalize("NFC", text[: _LOOK_AHEAD * limit].replace("\r\n", "\n"))
    kept: list[str] = []
    marks = MOST_MARKS  # there is nothing yet that a mark could sit on
    left = lines
    for character in text:
        if character == "\n" and lines > 1:
            left -= 1
            if left == 0:
                cut = True
                break
            marks = MOST_MARKS
            kept.append(character)
        elif unicodedata.category(character).startswith("M") and character not in _INVISIBLE:
            if marks < MOST_MARKS:
                marks += 1
                kept.append(character)
            elif not kept or kept[-1] == "\n":
                kept.append(REPLACEMENT)
        else:
            marks = 0
            kept.append(_drawn(character))
        if len(kept) > limit:
            cut = True
            break
    if cut:
        kept[max(0, limit - 1) :] = []
        kept.append(ELLIPSIS)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _drawn(character: str) -> str:
    """What is shown for one character that is no mark."""
    category = unicodedata.category(character)
    if character in "\n\t" or category == "Zs":
        return " "
    return REPLACEMENT if category.startswith("C") or category in {"Zl", "Zp"} or character in _INVISIBLE else character


@lru_cache(maxsize=4096)
def _problem(character: str) -> TextProblem | None:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return TextProblem.CONTROL
        case "Cf":
            return TextProblem.INVISIBLE
        case "Cs":
            return TextProblem.BROKEN
        case "Cn" | "Co":
            return TextProblem.UNKNOWN
        case _:
            return TextProblem.INVISIBLE if character in _INVISIBLE else None
