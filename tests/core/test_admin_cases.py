"""`lockwright-admin case …`, `policy …` and the words for staff accounts, as scripts use them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.accounts import Role
from core.cases import State
from core.home import prepare
from tests import rfc6238
from tests.core.operators_command import admin
from tests.office import Office
from tests.world import PASSWORD, World, WorldClock

ONE_PERSON = "One person alone can verify and approve here (people = 1)."


@pytest.fixture
def people() -> int:
    """How many decide."""
    return 2


@pytest.fixture
def office(tmp_path: Path, people: int) -> Office:
    """A world whose clock is the machine's, since the command reads that one."""
    from core.clock import system_clock

    home = prepare(tmp_path / "home")
    toml = f"argon2_memory_kib = 19456\ndemo = true\n[recovery.mail]\npeople = {people}\n"
    (home / "lockwright.toml").write_text(toml)
    world = World(home, clock=WorldClock(system_clock()), recovery={"mail": {"people": people}})
    office = Office(world)
    world.clock.advance(days=-50)
    for name in ("mia", "jon"):
        office.hire(name, Role.AGENT)
    office.owner("ada")
    return office


def credentials(office: Office, name: str) -> str:
    """What somebody types: the password, and the token that the device shows now."""
    from core.clock import system_clock

    return f"{PASSWORD}\n{rfc6238.token(office.world.people[name].key, system_clock())}\n"


def test_a_case_is_listed_shown_verified_and_approved_by_two_people(office: Office) -> None:
    home = office.world.settings.home
    opened = office.mailed(office.open())
    listed = json.loads(admin(home, "case", "list", "--json").stdout)
    assert [(case["reference"], case["account"], case["state"]) for case in listed] == [
        (opened.reference, "ada", "open")
    ]
    shown = json.loads(admin(home, "case", "show", opened.reference, "--json").stdout)
    assert [each["kind"] for each in shown["evidence"]] == ["mail"]
    assert [each["route"] for each in shown["routes"] if each["met"]] == ["mail"]
    assert "weir" not in json.dumps(shown)
    explained = admin(home, "policy", "explain", opened.reference)
    assert "Route mail is met." in explained.stdout

    wrong = admin(home, "case", "verify", opened.reference, "--as", "mia", typed=f"{PASSWORD}\n000000\n")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "token is not right" in wrong.stderr
    verified = admin(home, "case", "verify", opened.reference, "--as", "mia", typed=credentials(office, "mia"))
    assert (verified.returncode, verified.stdout.count("route mail")) == (0, 1), verified.stderr
    assert office.state(opened) is State.VERIFIED
    again = admin(home, "case", "reject", opened.reference, "--as", "ada", "--reason", "no", typed=f"{PASSWORD}\n1\n")
    assert again.returncode == 1
    approved = admin(home, "case", "approve", opened.reference, "--as", "jon", typed=credentials(office, "jon"))
    assert approved.returncode == 0, approved.stderr
    assert "ompletes" in approved.stdout or "ompleted" in approved.stdout
    assert office.state(opened) in {State.APPROVED, State.COMPLETED}


def test_where_two_people_decide_nothing_warns(office: Office) -> None:
    home = office.world.settings.home
    opened = office.mailed(office.open())
    [listed] = json.loads(admin(home, "case", "list", "--json").stdout)
    assert listed["warning"] is None
    for words in (("case", "list"), ("case", "show", opened.reference), ("policy", "show"), ("policy", "check")):
        printed = admin(home, *words)
        assert printed.returncode == 0
        assert "!" not in printed.stdout
        assert "arning" not in printed.stdout
    verified = admin(home, "case", "verify", opened.reference, "--as", "mia", typed=credentials(office, "mia"))
    assert "Another person has to approve." in verified.stdout


@pytest.mark.parametrize("people", [1])
def test_where_one_person_decides_every_word_about_a_case_or_the_policy_warns(office: Office) -> None:
    home = office.world.settings.home
    opened = office.mailed(office.open())
    [listed] = json.loads(admin(home, "case", "list", "--json").stdout)
    shown = json.loads(admin(home, "case", "show", opened.reference, "--json").stdout)
    assert listed["warning"] == shown["warning"] == ONE_PERSON
    assert json.loads(admin(home, "policy", "show", "--json").stdout)["warning"] == ONE_PERSON
    assert admin(home, "case", "list").stdout.rstrip().endswith("! one person decides")
    assert f"! {ONE_PERSON}" in admin(home, "case", "show", opened.reference).stdout.splitlines()
    assert f"! {ONE_PERSON}" in admin(home, "policy", "show").stdout.splitlines()
    assert f"! {ONE_PERSON}" in admin(home, "policy", "check").stdout.splitlines()
    assert f"! {ONE_PERSON}" in admin(home, "policy", "explain", opened.reference).stdout.splitlines()
    verified = admin(home, "case", "verify", opened.reference, "--as", "mia", typed=credentials(office, "mia"))
    assert verified.stdout == "Verified by route mail. It can be approved, by the same person too.\n"


def test_what_the_rules_refuse_ends_with_1_and_a_sentence(office: Office) -> None:
    home = office.world.settings.home
    opened = office.open()
    short = admin(home, "case", "verify", opened.reference, "--as", "mia", typed=credentials(office, "mia"))
    assert short.returncode == 1
    assert "short" in short.stderr
    agent = admin(
        home, "case", "freeze", opened.reference, "--as", "jon", "--reason", "odd", typed=credentials(office, "jon")
    )
    assert agent.returncode == 1
    assert "role" in agent.stderr
    for words in (("case", "show", "LW-0000-0000"), ("policy", "explain", "nonsense")):
        missing = admin(home, *words)
        assert (missing.returncode, missing.stdout) == (1, "")
        assert "no case" in missing.stderr
    assert admin(home, "case", "verify", opened.reference).returncode == 2


def test_the_policy_is_shown_checked_and_refused_by_name(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    shown = json.loads(admin(home, "policy", "show", "--json").stdout)
    assert [route["route"] for route in shown["routes"]] == ["key", "person", "mail"]
    assert "two people decide" in admin(home, "policy", "show").stdout
    assert admin(home, "policy", "check").returncode == 0
    (home / "lockwright.toml").write_text("[recovery.mail]\nwait_hours = 1\n")
    wrong = admin(home, "policy", "check")
    assert wrong.returncode == 1
    assert "recovery.mail.wait_hours" in wrong.stderr


def enrol(home: Path, name: str) -> tuple[int, str]:
    """Enrol in line mode, reading key, code and group off the output; the exit code and all of it."""
    from core.clock import system_clock

    told: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "core.admin", "--home", str(home), "account", "enrol", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(PASSWORD + "\n")
        code = ""
        for line in running.stdout:
            told.append(line)
            if re.fullmatch(r"  ([A-Z2-7]{4} ){7}[A-Z2-7]{4}\n", line):
                running.stdin.write(rfc6238.token(line.replace(" ", "").strip(), system_clock()) + "\n")
            elif re.fullmatch(r"  ([0-9A-Z]{5}-){3}[0-9A-Z]{5}\n", line):
                code = line.strip()
            elif found := re.search(r"type group (\d)", line):
                running.stdin.write(code.split("-")[int(found[1]) - 1] + "\n")
        return running.wait(30), "".join(told)


def test_staff_enrol_in_line_mode_are_reset_and_readmitted(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    typed = PASSWORD + "\n"
    words = ("account", "add", "mia", "--email", "mia@example.org", "--confirmed", "--role", "agent")
    assert admin(home, *words, "--password-stdin", typed=typed).returncode == 0
    ended, told = enrol(home, "mia")
    assert ended == 0, told
    assert json.loads(admin(home, "account", "show", "mia", "--json").stdout)["two_factor"]
    again = admin(home, "account", "enrol", "mia", typed=typed)
    assert again.returncode == 1
    assert admin(home, "account", "readmit", "nobody").returncode == 1
    reset = admin(home, "account", "reset-2fa", "mia", "--reason", "phone stolen")
    assert reset.returncode == 0, reset.stderr
    assert not json.loads(admin(home, "account", "show", "mia", "--json").stdout)["two_factor"]
    assert admin(home, "account", "reset-2fa", "mia", "--reason", "again").returncode == 1
    assert enrol(home, "mia")[0] == 0
    assert admin(home, "account", "readmit", "mia").returncode == 0
    given = admin(home, "account", "give-role", "mia", "lead")
    assert given.returncode == 0, given.stderr
    assert json.loads(admin(home, "account", "show", "mia", "--json").stdout)["roles"] == ["agent", "lead"]
    assert admin(home, "account", "take-role", "mia", "lead").returncode == 0
    assert admin(home, "account", "take-role", "mia", "lead").returncode == 1
