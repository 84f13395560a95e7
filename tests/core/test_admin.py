"""The operator's command, as scripts use it: what it prints, and how it ends."""

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.operators_command import Ended, admin

PASSWORD = "nine pale horses over the weir\n"


def started(home: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "core.admin", "--home", str(home), *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def adding(name: str, *options: str) -> tuple[str, ...]:
    return ("account", "add", name, "--email", f"{name}@example.org", "--password-stdin", *options)


def added(home: Path, name: str = "ada", *options: str) -> Ended:
    return admin(home, *adding(name, *options), typed=PASSWORD)


def test_an_account_is_added_shown_and_listed_as_json(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert added(home, "ada", "--confirmed").returncode == 0
    assert started(home, *adding("mia", "--confirmed", "--role", "lead"), typed=PASSWORD).returncode == 0
    shown = json.loads(started(home, "account", "show", "mia", "--json").stdout)
    assert (shown["name"], shown["address"], shown["roles"]) == ("mia", "mia@example.org", ["lead"])
    assert (shown["two_factor"], shown["backup_code"], shown["locked"]) == (False, "none", None)
    assert [account["name"] for account in json.loads(admin(home, "account", "list", "--json").stdout)] == [
        "ada",
        "mia",
    ]
    text = admin(home, "account", "show", "ada").stdout
    assert "ada@example.org" in text
    assert "horses" not in text


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("account", "add", "ada", "--email", "nowhere", "--password-stdin"), PASSWORD, "e-mail address"),
        (("account", "add", "ADA!", "--email", "a@example.org", "--password-stdin"), PASSWORD, "name"),
        (("account", "add", "ada", "--email", "a@example.org", "--password-stdin"), "short\n", "characters"),
        (("account", "show", "nobody"), "", "no account"),
        (("mail", "show", "0"), "", "no such notice"),
        (("invite", "--email", "nowhere"), "", "e-mail address"),
    ],
)
def test_a_refusal_is_one_sentence_on_standard_error_and_ends_with_1(
    tmp_path: Path, words: tuple[str, ...], typed: str, said: str
) -> None:
    ended = admin(tmp_path / "home", *words, typed=typed)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "words", [("account", "add", "ada", "--email", "a@example.org"), ("fly",), ("tick", "--every", "x")]
)
def test_wrong_usage_ends_with_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert admin(tmp_path / "home", *words).returncode == 2


def test_a_process_of_it_ends_with_2_too(tmp_path: Path) -> None:
    assert started(tmp_path / "home", "fly").returncode == 2


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added(home)
    ended = added(home)
    assert ended.returncode == 1
    assert "taken" in ended.stderr


def test_tick_hands_the_mail_over_and_seals_the_trail(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added(home)
    queued = json.loads(admin(home, "mail", "list", "--json").stdout)
    assert [(mail["to"], mail["state"]) for mail in queued] == [("ada@example.org", "queued")]
    assert admin(home, "tick").returncode == 0
    handed = json.loads(admin(home, "mail", "show", queued[0]["id"], "--json").stdout)
    assert handed["state"] == "handed over"
    assert len(list((home / "mail" / "new").iterdir())) == 1
    verdict = json.loads(admin(home, "audit", "verify", "--json").stdout)
    assert verdict["whole"] is True
    assert verdict["entries"] >= 1


def test_a_trail_whose_end_was_cut_off_is_found(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added(home)
    admin(home, "tick")
    import sqlite3

    with sqlite3.connect(home / "lockwright.sqlite") as database:
        tables = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE name LIKE 'audit%' AND type = 'table'"
            )
        ]
        for table in tables:
            database.execute(f"DELETE FROM {table}")
    database.close()
    ended = admin(home, "audit", "verify")
    assert ended.returncode == 1
    assert ended.stdout.strip()


def test_a_home_whose_keys_are_gone_is_refused_with_a_reason(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added(home)
    (home / "keys.json").unlink()
    ended = started(home, "account", "list")
    assert ended.returncode == 1
    assert "keys.json" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_wrong_setting_is_named_with_its_value(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added(home)
    (home / "lockwright.toml").write_text('registration = "sometimes"\n')
    ended = admin(home, "account", "list")
    assert ended.returncode == 1
    assert "registration" in ended.stderr
    assert "sometimes" in ended.stderr


def test_an_invitation_is_printed_once(tmp_path: Path) -> None:
    printed = json.loads(admin(tmp_path / "home", "invite", "--json").stdout)
    assert len(printed["invitation"]) == 16


def test_ticking_over_and_over_outlives_a_database_that_is_held(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert added(home, "ada").returncode == 0
    command = [sys.executable, "-m", "core.admin", "--home", str(home), "tick", "--every", "0.1"]
    with (
        contextlib.closing(sqlite3.connect(home / "lockwright.sqlite", isolation_level=None)) as holder,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as ticking,
    ):
        assert ticking.stderr is not None
        try:
            _wait_for(lambda: ticking.poll() is None and list((home / "mail" / "new").glob("*")))
            holder.execute("BEGIN IMMEDIATE")
            assert "Trying again in 0.1 s." in ticking.stderr.readline()
            holder.execute("ROLLBACK")
            assert added(home, "eve").returncode == 0
            _wait_for(lambda: ticking.poll() is None and len(list((home / "mail" / "new").glob("*"))) == 2)
        finally:
            ticking.terminate()


def _wait_for(happens: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.05)
