"""What a terminal may send, and a person goes on typing."""

import os
import sys

from tests.terminal_user import TerminalUser

NOISE = b"\xff\xc3\xf0\x9f\x80\xfe"
"""Bytes that are no UTF-8, or only the beginning of it."""


def test_bytes_that_are_no_text_end_nothing():
    with TerminalUser([sys.executable, "-m", "tests.terminal.desk"]) as person:
        person.see("Sign in with token")
        person.type("s")
        person.see("Password")
        person.type(f"a{os.fsdecode(NOISE)}b")
        person.see("a", "b")
        person.type("\x15ada\tright\r")
        person.see("Account", "Change password")
        person.type("\x11")
        assert person.leave() == 0
        assert b'answers [["ada", "right"]]' in person.raw
