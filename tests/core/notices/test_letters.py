import inspect
import re
from datetime import datetime, timedelta

import pytest

from core.notices import Letter, case_letters, letters
from core.notices.composing import moment, quoted
from core.secret import Secret
from tests.repeatable import BEGINNING

STOP, MAIL_CODE = "7K3M9QXT0PWH", "12345678"
PLAIN = {
    "site": "Acme accounts",
    "name": "ada",
    "reference": "LW-7K3M-9QXT",
    "source": "203.0.113.7",
    "fingerprint": "SHA256:mVx3oQFvQ3rJQ0yqf0Yw1h9d0oJ5v6k2mCqL8sT4uWo",
    "reason": "We could not reach you.\nThe key was not yours.",
    "role": "agent",
    "fact": "mia was given the role lead",
    "how": "withdrawn by whoever opened it",
}
HOSTILE = "x\r\nBcc: mallory@example.org\n\n\x1b[2J[@click=app.quit]\u202e\x00\x9b" + "y" * 300
WRITERS = [
    writer
    for module in (letters, case_letters)
    for name, writer in inspect.getmembers(module, inspect.isfunction)
    if not name.startswith("_") and writer.__module__ == module.__name__
]
TO_OWNERS_ABOUT_A_CHANGE = [
    writer for writer in WRITERS if not re.search(r"code$|leads|staff|stopped|unlocked|locked", writer.__name__)
]


def written(writer, people=PLAIN):
    def value(name, parameter):
        match parameter.annotation.__name__ if isinstance(parameter.annotation, type) else str(parameter.annotation):
            case "Secret":
                digits = writer.__name__.endswith("code")
                return Secret(MAIL_CODE if digits else STOP)
            case "timedelta":
                return timedelta(hours=72)
            case "str":
                return people[name]
            case "bool":
                return True
            case kind:
                assert kind.startswith("datetime"), kind
                return BEGINNING

    parameters = inspect.signature(writer).parameters
    return writer(**{name: value(name, parameter) for name, parameter in parameters.items()})


def test_there_is_a_letter_for_everything_that_the_owner_must_be_told():
    assert len(WRITERS) >= 30


def test_every_letter_has_a_kind_of_its_own():
    kinds = [written(writer).kind for writer in WRITERS]
    assert len(set(kinds)) == len(kinds)
    assert all(re.fullmatch(r"[a-z][a-z ,-]{2,39}", kind) for kind in kinds), kinds


@pytest.mark.parametrize("writer", WRITERS)
def test_a_letter_is_plain_and_calm(writer):
    letter = written(writer)
    assert letter.subject.startswith("Acme accounts: ")
    assert len(letter.subject) <= 90
    said = f"{letter.subject}\n{letter.body}"
    assert "!" not in said
    assert not re.search(r"\b(oops|invalid|please|dear|sorry|click|http|the user)\b", said, re.IGNORECASE)
    assert re.match(r"Hello( ada)?,\n\n", letter.body)
    assert letter.body.endswith("\n\n-- \nAcme accounts\n")
    assert "\n\n\n" not in letter.body
    assert [line for line in letter.body.split("\n") if len(line) > 72] == []


@pytest.mark.parametrize("writer", TO_OWNERS_ABOUT_A_CHANGE)
def test_a_letter_about_a_change_says_what_to_do_if_it_was_not_the_reader(writer):
    body = " ".join(written(writer).body.split())
    assert re.search(r"If (that was|it was|you|not)", body), body
    assert re.search(r"not you|did not (open|do|stop|ask)|do not know|have no account|stopped? it", body), body


@pytest.mark.parametrize("writer", WRITERS)
def test_a_code_stands_alone_on_a_line_and_in_groups(writer):
    letter = written(writer)
    parameters = inspect.signature(writer).parameters
    if "code" not in parameters and "stop" not in parameters:
        assert not re.search(r"^ ", letter.body, re.MULTILINE) or "SHA256:" in letter.body
        return
    (code,) = re.findall(r"^    (\S.*)$", letter.body, re.MULTILINE)
    assert code in {"1234 5678", "7K3M-9QXT-0PWH", "7K3M-9QXT-0PWH-N8VD"}
    assert code not in letter.subject
    assert "once" in letter.body


@pytest.mark.parametrize("writer", WRITERS)
def test_a_body_never_prints_itself(writer):
    assert "Hello" not in repr(written(writer))


@pytest.mark.parametrize("writer", WRITERS)
def test_what_people_wrote_is_said_and_does_nothing_else(writer):
    letter = written(writer, dict.fromkeys(PLAIN, HOSTILE))
    assert letter.subject.isprintable()
    assert len(letter.subject) <= 120
    assert all(line.isprintable() for line in letter.body.split("\n"))


def test_what_staff_wrote_is_marked_line_by_line():
    assert quoted("one\n\n  two " + "long " * 20).split("\n")[:2] == ["> one", ">"]
    assert all(line.startswith(">") and len(line) <= 72 for line in quoted("word " * 100 + "\nx").split("\n"))
    body = written(case_letters.rejected).body
    assert "> We could not reach you.\n> The key was not yours." in body


def test_codes_are_of_use_for_as_long_as_they_count_and_other_letters_for_good():
    lasting = {writer.__name__: written(writer).good_for for writer in WRITERS if written(writer).good_for}
    ten_minutes = timedelta(minutes=10)
    assert lasting == {
        "address_code": ten_minutes,
        "password_code": ten_minutes,
        "evidence_code": timedelta(hours=24),
    }


def test_a_moment_is_said_in_utc():
    assert moment(datetime.fromisoformat("2026-11-27T14:05:00+00:00")) == "Fri 27 Nov 2026, 14:05 UTC"


def test_a_letter_names_the_machine_that_something_was_done_on():
    body = " ".join(letters.backup_code_used("Acme", "ada", "local").body.split())
    assert "your backup code, on this machine, which runs Acme." in body
    body = " ".join(letters.backup_code_used("Acme", "ada", "203.0.113.7").body.split())
    assert "your backup code, from 203.0.113.7." in body


def test_one_letter_whole():
    letter = letters.password_changed("Acme", "ada", Secret(STOP))
    assert letter == Letter(
        "password changed",
        "Acme: your password was changed",
        """\
Hello ada,

Your password was changed, and every other session has ended.

If that was you, there is nothing to do.

If it was not you: choose Stop on the first screen, and type this code:

    7K3M-9QXT-0PWH

It locks your account, ends every session, and tells the people who run
this site. You need not sign in for it. It works once and for 7 days.
Nobody ever asks you for it.

--\x20
Acme
""",
    )
