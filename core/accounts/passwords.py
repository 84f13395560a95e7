"""The rules of a password: length, what everybody tries first, and a suggestion (NIST SP 800-63B-4 3.1.1.2, ASVS 6.2)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from math import log10, prod

from zxcvbn import adjacency_graphs, matching, scoring

from core.secret import Secret
from core.tokens import Tokens

LONGEST = 1024
"""Code points, NFC. More costs time to hash and guards nothing."""
_LONGEST_TYPED = 4 * LONGEST  # composing never shrinks text to less than a quarter (Unicode FAQ, normalisation)
_LEAST_LEFT = 8
"""So many characters must be the person's own beside names and repetitions."""
_LEAST_STEPS = 5
_LEAST_DIFFERENT = 5
_LEAST_GUESSES = 6.0  # 10^6: below it zxcvbn calls a password too guessable for a throttled sign-in
_JUDGED = 72
_MOST_VARIANTS = 16
_PHRASE_WORDS = 5  # of 7,772: 64 bits

_DICTIONARIES = {name: words for name, words in matching.RANKED_DICTIONARIES.items() if name != "user_inputs"}
_ROWS = ("1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertzuiopü", "azertyuiop", "йцукенгшщзхъ", "фывапролджэ")
_SIGNS = "4@8({[<3691!|0$5+7%2"
_PLAIN_LETTERS = str.maketrans(_SIGNS, "aabcccceggllloss" + "ttxz")
_READINGS = (_PLAIN_LETTERS, str.maketrans(_SIGNS, "aabcccceggiiioss" + "ttxz"))
_WORDS = ("very weak", "weak", "fair", "good", "strong")


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard a password is to guess: 0 to 4, and the word for it."""

    score: int
    words: str


def normalised(password: Secret) -> str | None:
    """The text that is judged and hashed: NFC, so that é is é however it was typed; None when it cannot be a password.

    Nothing else is changed or cut (ASVS 6.2.8). It cannot be one with more than 1,024 code points, or half a
    surrogate pair in it.
    """
    typed = password.reveal()
    if len(typed) > _LONGEST_TYPED:
        return None
    text = unicodedata.normalize("NFC", typed)
    if len(text) > LONGEST or any("\ud800" <= sign <= "\udfff" for sign in text):
        return None
    return text


def problem(password: Secret, *, name: str, address: str, site: str, least: int) -> str | None:
    """Why `password` cannot be used by the account `name` with `address`, as a sentence; None when it can.

    At least `least` and at most 1,024 code points, no rule of composition; refused are what is common, what repeats
    or walks over the keyboard, and what is little more than the name, the address or the site (ASVS 6.2.4, 6.2.11).
    """
    text = normalised(password)
    if text is None:
        typed = password.reveal()
        if len(typed) > LONGEST:
            return f"Use at most {LONGEST:,} characters; this has {len(typed):,}."
        return "This has half a character in it that cannot be stored. Type it anew."
    if len(text) < least:
        return f"Use at least {least} characters; this has {len(text)}."
    canonical = unicodedata.normalize("NFKC", text).casefold()
    trivial = _trivial(canonical)
    if trivial is not None:
        return f"{trivial} Choose another one."
    for words, whose in _context(name, address, site):
        if any(len(left) < _LEAST_LEFT or _trivial(left) is not None for left in _without(canonical, words)):
            return f"This is little more than {whose}. Choose another one."
    hints = [word for words, _ in _context(name, address, site) for word in words]
    if _guesses(text, hints) < _LEAST_GUESSES:
        return "This is too easy to guess. Add words that do not belong together."
    return None


def strength(password: Secret, hints: Iterable[str]) -> Strength:
    """How hard `password` is to guess for somebody who knows `hints`, judged by its first 72 code points.

    Some 10 ms of work: never on the event loop.
    """
    text = normalised(password)
    guesses = 0.0 if not text else _guesses(text, [hint for hint in hints if hint])
    score = sum(guesses >= bound for bound in (3.0, 6.0, 8.0, 10.0))  # zxcvbn's own bounds
    return Strength(score, _WORDS[score])


def passphrase(tokens: Tokens, least: int = 15) -> Secret:
    """A suggestion of at least `least` code points: words of the EFF's list, drawn by lot; five of them are 64 bits."""
    words = [tokens.choice(_phrase_words()) for _ in range(_PHRASE_WORDS)]
    while len("-".join(words)) < least:
        words.append(tokens.choice(_phrase_words()))
    return Secret("-".join(words))


@cache
def _phrase_words() -> tuple[str, ...]:
    listed = (resources.files("xkcdpass") / "static" / "eff-long").read_text("ascii").split()
    return tuple(word for word in listed if word.isalpha())  # four have a hyphen, which stands between words here


@cache
def _neighbours() -> frozenset[tuple[str, str]]:
    """Pairs of signs that lie side by side on a keyboard, or follow each other in a row that everybody knows."""
    graph = adjacency_graphs.ADJACENCY_GRAPHS["qwerty"]
    keys = {(key.casefold(), sign.casefold()) for key, near in graph.items() for both in near if both for sign in both}
    rows = {pair for row in _ROWS for pair in pairwise(row)}
    return frozenset(keys | rows | {(after, before) for before, after in rows})


def _trivial(text: str) -> str | None:
    """What makes `text` one that everybody tries, as a sentence."""
    core = text.strip("".join({sign for sign in text if not sign.isalpha()}))
    for form in (*_forms(text), *_forms(core)):
        if _common(form):
            return "This is one of the first passwords that anybody tries."
        if _repeats(form):
            return "This repeats one short piece."
    if len(set(text)) < _LEAST_DIFFERENT:
        return "This has too few different characters."
    if 1 + sum(a != b and (a, b) not in _neighbours() for a, b in pairwise(text)) < _LEAST_STEPS:
        return "This is a row of keys, letters or digits."
    return None


def _forms(text: str) -> list[str]:
    """`text`, and how it reads when signs stand for letters: 1 for l, 1 for i."""
    return list(dict.fromkeys((text, *(text.translate(reading) for reading in _READINGS))))


def _common(text: str) -> bool:
    return any(text in words for words in _DICTIONARIES.values())


def _repeats(text: str) -> bool:
    """Whether `text` is one piece over and over, and the piece short or common."""
    for size in range(1, len(text) // 2 + 1):
        piece = text[:size]
        if (piece * (len(text) // size + 1))[: len(text)] == text:
            return size < _LEAST_LEFT or _common(piece)
    return False


def _context(name: str, address: str, site: str) -> Iterator[tuple[list[str], str]]:
    local, _, domain = address.partition("@")
    own = [name, *re.split(r"[._-]", name)]
    mail = [address, local, domain, *re.split(r"[._+-]", local), *domain.split(".")[:-1]]
    product = ["lockwright", site, *re.split(r"\W+", site)]
    groups = ((own, "your name"), (mail, "your e-mail address"), (product, "the name of this site"))
    for words, whose in groups:
        yield _worth(words), whose
    yield _worth(own + mail + product), "your name, your address and the name of this site"


def _worth(words: list[str]) -> list[str]:
    """`words` to look for, the longest first; shorter ones than three letters are in any text."""
    return sorted({word.casefold() for word in words if len(word) > 2}, key=lambda word: (-len(word), word))


def _without(text: str, words: list[str]) -> Iterator[str]:
    """What is left of each form of `text` that has any of `words` in it, without them and what is no letter or digit."""
    for form in _forms(text):
        left = form
        for word in words:
            left = left.replace(word, " ")
        if left != form:
            yield "".join(sign for sign in left if sign.isalnum())


def _guesses(text: str, hints: list[str]) -> float:
    """The power of ten of the guesses that `text` stands, by zxcvbn.

    Its public function keeps the hints in a module global, where two threads meet; its parts do not. It tries every
    reading of l33t signs, two seconds for a hostile 72; when there are many, one reading stands for all.
    """
    judged = text[:_JUDGED]
    readings = matching.relevant_l33t_subtable(judged, matching.L33T_TABLE).values()
    if prod(len(signs) for signs in readings) > _MOST_VARIANTS:
        judged = judged.translate(_PLAIN_LETTERS)
    words = {**_DICTIONARIES, "user_inputs": matching.build_ranked_dict([hint[:_JUDGED].lower() for hint in hints])}
    found = scoring.most_guessable_match_sequence(judged, matching.omnimatch(judged, words))
    return log10(max(1, found["guesses"]))
