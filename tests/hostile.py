"""Text that means harm, and text that only looks like it: for every place where a person's text is shown or taken.

The kinds are those of the Big List of Naughty Strings and of what was measured against Textual: markup that acts,
escape sequences that move, hide and answer, signs that reorder, pile up or vanish, and plain hard cases.
"""

import unicodedata

ESC = "\x1b"
CSI8 = "\x9b"
OSC8 = "\x9d"

MARKUP = (
    "[@click=\"app.simulate_key('f9')\"]press me[/]",
    "[@click='app.approve']yes[/]",
    "[@click=app.screenshot('pwn.svg','/tmp')]picture[/]",
    "[@click=screen.dismiss(True)]close[/]",
    "[link=https://evil.example]safe[/link]",
    "[link='https://evil.example/a b']safe[/]",
    "[/nope]",
    "[b",
    "[b]bold[/i]",
    "[on red]alarm[/]",
    "[$error]theme[/]",
    "[bold reverse blink]!!![/bold reverse blink]",
    "\\[@click=app.quit]x[/]",
    "[[[[[[[[",
    "]" * 40,
    "[" * 200 + "a" + "]" * 200,
    "[a]" * 300,
    "$ink ${ink} $(id) `id` {0} {ink!r} %s %n %(x)s",
    ":warning: :skull:",
)
"""What a widget that reads markup would obey or choke on."""

SEQUENCES = (
    f"{ESC}]0;PWN{ESC}\\",
    f"{ESC}]52;c;cHduZWQ={ESC}\\",
    f"{ESC}]52;c;cHduZWQ=\x07",
    f"{ESC}]8;;https://evil.example{ESC}\\here{ESC}]8;;{ESC}\\",
    f"{ESC}[1;1HCase 17: owner VERIFIED",
    f"{ESC}[2J{ESC}[?1049l",
    f"{ESC}[8mhidden{ESC}[0m",
    f"{ESC}[6n{ESC}[c{ESC}[>c{ESC}[5n",
    f'{ESC}P$q"p{ESC}\\',
    f"{ESC}Pq#0;2;0;0;0{ESC}\\",
    f"{ESC}_Ga=T;{ESC}\\",
    f"{ESC}c",
    f"{ESC}#8",
    f"{ESC}[?1003h{ESC}[?2004l",
    f"{ESC}[200~pasted{ESC}[201~",
    f"{CSI8}2J{CSI8}1;1HC1",
    f"{OSC8}0;PWN\x9c",
    "\x90$q\x9c",
    "\x05\x0e\x0f\x00\x7f\x08\x08\x08",
    "name\r\nSet-Cookie: a=b",
    "over\rwritten",
    "a\x08b\x0bc\x0cd\x07e",
    "\x1a\x04\x03\x13\x11",
)
"""What a terminal would obey."""

INVISIBLE = (
    "\u202egnitirw\u202c",
    "\u2066admin\u2069\u2067nimda\u2069",
    "a\u200bd\u200cm\u200di\u2060n\ufeff",
    "\u200e\u200f\u061c",
    "flag\U000e0041\U000e0042\U000e007f",
    "var\ufe0fiant\ufe0e",
    "soft\u00adhyphen",
    "\u2028line\u2029paragraph",
    "\u180e\u115f\u1160\u3164\uffa0",
    "\u034f\u17b4\u17b5",
    "\ufff9note\ufffa\ufffb",
    "\ufdd0\uffff\U0010ffff",
    "\ue000\U000f0000",
    "lone\ud800\udfffsurrogate",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
)
"""What reorders, hides or is not there."""

PILED = (
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034dA",
    "\u0301" * 500,
    "a" + "\u0489" * 100,
    "\u0e01" + "\u0e49" * 60,
    "x" * 50_000,
    "\n" * 500,
    "w\u00efde \uff21\uff22\uff23 \u7530\u4e2d\u3055\u3093 " * 50,
    "\U0001f3f3" * 200,
    "\t" * 300,
    "\u3000\u2003\u00a0" * 60,
)
"""What piles up or is too long."""

ODD = (
    "",
    " ",
    "undefined",
    "null",
    "NaN",
    "../../../etc/passwd",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7} #{7*7}",
    "CON",
    "-rf",
    "\u00ad",
    "ﷺ",
    "Ω≈ç√∫˜µ≤≥÷",
    "田中さんにあげて下さい",
    "مرحبا بالعالم",
    "שלום עולם",
    "ᚠᛇᚻ",
    "ʇunpᴉpᴉɔuᴉ",
    "𝕿𝖍𝖊 𝖖𝖚𝖎𝖈𝖐",
    "ﬁ ﬂ ſ",
    "İıßẞ",
    "👩‍❤️‍💋‍👩🇨🇭👍🏿",
    "١٢٣٤٥٦",
    "１２３４５６",
    "²³¹",
    "0" * 400,
    "1e309",
    "Ｐａｓｓｗｏｒｄ",
    "a\u0308\u0308\u0308",
)
"""What is meant well, or for another machine."""

HOSTILE: tuple[str, ...] = MARKUP + SEQUENCES + INVISIBLE + PILED + ODD
"""All of it."""


def control_signs(text: str) -> list[str]:
    """The signs in `text` that a terminal may obey or that hide: none may reach a screen."""
    return [sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]
