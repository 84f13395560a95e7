"""A person at a terminal: a program in a pseudo-terminal, keys in, the screen read back, the QR code scanned off it."""

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Self

import pyte
import zxingcpp
from PIL import Image, ImageDraw

CELL = (8, 16)
CAN_YOU_DRAW_FRAMES, I_CAN = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME_BEGINS, FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"
"""Synchronised output, as terminals of today have it: what is between these is shown at once, never in part."""
ENTER, TAB, ESC, DOWN, UP = "\r", "\t", "\x1b", "\x1b[B", "\x1b[A"


class TerminalUser:
    """Runs `command` in a pseudo-terminal of `columns` x `rows` and works it as a person would."""

    def __init__(
        self,
        command: list[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: dict[str, str] | None = None,
        patience: float = 60,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.raw = b""
        self._stream = pyte.ByteStream(self.screen)
        self._typed_at = 0
        self._questions_answered = 0
        self._patience = patience
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**_clean_environment(), **(env or {})},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # the terminal is its own
            cwd=Path(__file__).parent.parent,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        """The screen's lines, as they are read."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def type(self, keys: str) -> None:
        """Send `keys` in one write; a byte that is no text is written as `os.fsdecode` would."""
        self._typed_at = len(self.raw)
        os.write(self._master, keys.encode(errors="surrogateescape"))

    def see(self, *sentences: str) -> str:
        """Wait until every one of `sentences` is on the screen; its text. AssertionError when patience ends."""
        until = time.monotonic() + self._patience
        while self._within_a_frame or not all(sentence in self.text for sentence in sentences):
            if not self._read(until):
                missing = [sentence for sentence in sentences if sentence not in self.text]
                raise AssertionError(f"not seen: {missing}\n{self.text}")
        return self.text

    def see_painted(self, sentence: str) -> str:
        """Wait until `sentence` was painted since the last keys, though it may have been there before them."""
        until = time.monotonic() + self._patience
        while self._within_a_frame or sentence.encode() not in self.raw[self._typed_at :]:
            if not self._read(until):
                raise AssertionError(f"not painted again: {sentence}\n{self.text}")
        return self.text

    def see_no_more(self, sentence: str) -> str:
        """Wait until `sentence` has left the screen."""
        until = time.monotonic() + self._patience
        while self._within_a_frame or sentence in self.text:
            if not self._read(until):
                raise AssertionError(f"still there: {sentence}\n{self.text}")
        return self.text

    def settle(self, quiet: float = 0.4) -> str:
        """Wait until nothing was painted for `quiet` seconds."""
        until = time.monotonic() + self._patience
        while self._read(min(until, time.monotonic() + quiet)):
            pass
        return self.text

    def leave(self) -> int:
        """Wait for the program to end; its exit code."""
        until = time.monotonic() + self._patience
        while self._read(until):
            if self.process.poll() is not None:
                break
        return self.process.wait(max(1, until - time.monotonic()))

    def picture(self) -> Image.Image:
        """The screen's blocks and colours as a picture; letters are left out, as no decoder needs them."""
        width, height = CELL
        picture = Image.new("RGB", (self.screen.columns * width, self.screen.lines * height))
        draw = ImageDraw.Draw(picture)
        for y in range(self.screen.lines):
            for x in range(self.screen.columns):
                cell = self.screen.buffer[y][x]
                ink, paper = _colour(cell.fg, "#c0c0c0"), _colour(cell.bg, "#000000")
                if cell.reverse:
                    ink, paper = paper, ink
                top = ink if cell.data in "▀█" else paper
                bottom = ink if cell.data in "▄█" else paper
                box = (x * width, y * height, x * width + width - 1, y * height + height // 2 - 1)
                draw.rectangle(box, fill=top)
                box = (x * width, y * height + height // 2, x * width + width - 1, y * height + height - 1)
                draw.rectangle(box, fill=bottom)
        return picture

    def scan(self) -> str:
        """What a phone's camera reads off the screen; waits until there is a code to read."""
        until = time.monotonic() + self._patience
        while True:
            if not self._within_a_frame:
                codes = zxingcpp.read_barcodes(self.picture(), formats=zxingcpp.BarcodeFormat.QRCode)
                if codes:
                    return str(codes[0].text)
            if not self._read(until):
                raise AssertionError(f"no code to scan\n{self.text}")

    @property
    def _within_a_frame(self) -> bool:
        return self.raw.rfind(FRAME_BEGINS) > self.raw.rfind(FRAME_ENDS)

    def _read(self, until: float) -> bool:
        """Take in what was painted; False when nothing came until then, or the program has ended."""
        readable, _, _ = select.select([self._master], [], [], max(0, until - time.monotonic()))
        if not readable:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.raw += data
        self._stream.feed(data)
        questions = self.raw.count(CAN_YOU_DRAW_FRAMES)
        for _ in range(self._questions_answered, questions):
            os.write(self._master, I_CAN)
        self._questions_answered = questions
        return bool(data)


def lockwright(*arguments: str) -> list[str]:
    """The command line of the account app."""
    return [sys.executable, "-m", "tui", *arguments]


def _clean_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
    return {
        **kept,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        "TEXTUAL_ANIMATIONS": "none",
    }


_NAMED = {"black": "#000000", "white": "#c0c0c0", "red": "#cc0000", "green": "#00cc00", "brown": "#cccc00"}


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return _NAMED.get(name, f"#{name}" if len(name) == 6 else default)
