"""A crash says one calm line, and nothing that was in reach of it."""

import re
import sys
from pathlib import Path

import pytest

from tests.terminal_user import TerminalUser

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize("how", ["handler", "worker", "thread", "timer", "render", "chain", "panic", "input"])
def test_a_crash_shows_one_line_and_no_secret(how: str, tmp_path: Path):
    report = tmp_path / "report"
    with TerminalUser([sys.executable, "-m", "tests.terminal.crashing", how, str(report)]) as person:
        person.see("Password")
        person.type(f"{SECRET}\r")
        if how == "input":
            person.settle()
            person.type("x")
        assert person.leave() == 1
        after = person.raw.split(b"\x1b[?1049l")[-1].decode()
        shown = re.sub(r"\x1b\[[?0-9;]*[a-z]", "", after).strip()
        assert re.fullmatch(
            r"Crashing had to stop \(error [0-9A-Z]{8}\)\. What was not finished was not kept\. "
            r"Start it again to go on\.",
            shown,
        )
        assert SECRET.encode() not in person.raw
        assert b"canary" not in person.raw
        assert b"Traceback" not in person.raw
        written = report.read_text()
        assert SECRET not in written
        assert "canary" not in written
        assert written.count("\n") == 1
        assert f"crash id={shown.split('error ')[1][:8]} " in written
        assert ("RuntimeError at" if how == "panic" else "ValueError at") in written
        assert re.search(r"tests\.terminal\.crashing:\d+|__main__:\d+", written)


def test_a_task_that_nobody_awaits_is_reported_without_its_text(tmp_path: Path):
    report = tmp_path / "report"
    with TerminalUser([sys.executable, "-m", "tests.terminal.crashing", "task", str(report)]) as person:
        person.see("Password")
        person.type(f"{SECRET}\r")
        person.settle()
        person.type("\x11")
        assert person.leave() == 0
        assert SECRET.encode() not in person.raw
        assert "ValueError" in report.read_text()
        assert SECRET not in report.read_text()


def test_no_environment_makes_the_app_load_write_or_tell(tmp_path: Path):
    log, picture = tmp_path / "log", tmp_path / "shot"
    environ = {
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_LOG": str(log),
        "TEXTUAL_DRIVER": "tests.terminal.nowhere:Driver",
        "TEXTUAL_SCREENSHOT": "0",
        "TEXTUAL_SCREENSHOT_LOCATION": str(picture),
        "TEXTUAL_SHOW_RETURN": "1",
    }
    with TerminalUser(
        [sys.executable, "-m", "tests.terminal.crashing", "handler", str(tmp_path / "report")], env=environ
    ) as person:
        person.see("Password")
        person.type(f"{SECRET}\r")
        assert person.leave() == 1
        assert SECRET.encode() not in person.raw
        assert b"Traceback" not in person.raw
    assert not log.exists()
    assert not picture.exists()
