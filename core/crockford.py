"""Crockford's base32: the alphabet of every code that a person copies by hand (https://www.crockford.com/base32.html)."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 signs without I, L, O and U: five bits each."""

_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
_LONGEST_TYPED = 128


def normalise(text: str) -> str | None:
    """`text` as a code: case, spaces, hyphens, O for 0 and I or L for 1 forgiven; None when another sign is in it."""
    if not text.isascii():
        return None
    code = text.upper().translate(_FORGIVEN)
    return code if code and all(sign in ALPHABET for sign in code) else None


def code_in(text: str, length: int) -> str | None:
    """The code of `length` signs in what a person typed, forgiving like `normalise`; None when it is none."""
    if len(text) > _LONGEST_TYPED:
        return None
    code = normalise("".join(text.split()))
    return code if code is not None and len(code) == length else None


def grouped(code: str, size: int, separator: str = "-") -> str:
    """`code` in groups of `size` signs, as it is shown and written down."""
    return separator.join(code[start : start + size] for start in range(0, len(code), size))
