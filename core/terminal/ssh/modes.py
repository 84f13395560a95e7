"""How a client's terminal is taken and given back, in the sequences that Textual's own driver uses."""

TAKE = (
    "\x1b[?1049h"  # the other screen
    "\x1b[?25l"  # no cursor of the terminal's
    "\x1b[?1004h"  # tell when the window has focus
    "\x1b[>25u"  # kitty's keyboard protocol, as Textual asks for it
    "\x1b[?2026$p"  # can frames be drawn at once?
    "\x1b[?2004h"  # say where a paste begins and ends
    "\x1b[?7l"  # no wrapping
)
TAKE_MOUSE = "\x1b[?1000h\x1b[?1003h\x1b[?1006h"
GIVE_BACK = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[<u\x1b[?1004l\x1b[?1049l\x1b[?25h\x1b[0m"
)

LEAST = (20, 10)
MOST = (500, 200)


def clamped(columns: int, rows: int) -> tuple[int, int]:
    """A size that can be drawn in: 80 x 24 where the client says nothing, and within 20-500 x 10-200."""
    if columns <= 0 or rows <= 0:
        return 80, 24
    return min(max(columns, LEAST[0]), MOST[0]), min(max(rows, LEAST[1]), MOST[1])


def line(sentence: str) -> bytes:
    """`sentence` as a line for a terminal in raw mode: printable signs only."""
    safe = "".join(sign if sign.isprintable() else "?" for sign in sentence)
    return f"{safe}\r\n".encode()
