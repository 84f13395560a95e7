import itertools
import re

import pytest

from core.audit import HOST, Entry, Event, told
from core.audit.words import CHANGED, WORDS
from tests.core.audit.conftest import ADA, MIA
from tests.repeatable import BEGINNING

HOSTILE = "\x1b]0;PWN\x07[@click=app.quit]\u202e\n" + "x" * 300


def entry(event, **facts):
    return Entry(1, BEGINNING, event, ADA, **({"actor": ADA} | facts))


def test_every_event_has_its_words():
    assert set(WORDS) == set(Event)


@pytest.mark.parametrize("event", Event)
def test_events_are_named_subject_and_what(event):
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", event.value)
    assert len(event.value) <= 40


@pytest.mark.parametrize("event", Event)
def test_every_event_is_told_in_a_plain_sentence(event):
    sources, cases = ("203.0.113.7", "2001:db8::/64", "local", None), (None, "1" * 32)
    for actor, source, case, to_owner in itertools.product((ADA, MIA, HOST, None), sources, cases, (True, False)):
        said = told(entry(event, actor=actor, source=source, case=case), to_owner=to_owner)
        assert re.fullmatch(r"[A-Z][^\n{}]*[^\s.!,:]", said), said
        assert not re.search(r"\b(None|invalid|illegal|oops|actor|(?<!two-)factor)\b", said, re.IGNORECASE), said
        assert "  " not in said
        assert len(said) <= 160


@pytest.mark.parametrize("event", Event)
def test_nothing_in_an_entry_reaches_the_terminal_raw(event):
    detail = dict.fromkeys(("fingerprint", "role", "count", "kind", "error"), HOSTILE)
    said = told(entry(event, actor=HOSTILE, source=HOSTILE, detail=detail))
    assert said.isprintable()
    assert len(said) < 500


def test_the_owner_staff_and_the_operator_are_told_apart():
    assert told(entry(Event.PASSWORD_CHANGED)) == "You changed the password"
    assert told(entry(Event.STAFF_LOOKED, actor=MIA)) == "Staff member cccccc looked at this account"
    assert told(entry(Event.ACCOUNT_CREATED, actor=HOST)) == "The operator of this site made this account"
    assert told(entry(Event.SIGN_IN_PASSWORD_WRONG, actor=None)) == "Somebody typed a wrong password"


def test_staff_read_of_the_owner_and_of_where_their_colleagues_came_from():
    assert told(entry(Event.PASSWORD_CHANGED), to_owner=False) == "The owner changed the password"
    looked = entry(Event.STAFF_LOOKED, actor=MIA, source="198.51.100.1")
    assert told(looked, to_owner=False) == "Staff member cccccc looked at this account, from 198.51.100.1"
    assert told(looked) == "Staff member cccccc looked at this account"


@pytest.mark.parametrize("event", Event)
def test_staff_are_never_told_you(event):
    assert not re.search(r"\byour?s?\b", told(entry(event), to_owner=False), re.IGNORECASE)


def test_a_case_is_told_by_who_moved_it():
    frozen = entry(Event.CASE_FROZEN, actor=MIA, source="198.51.100.1", case="1" * 32)
    assert told(frozen) == "Staff member cccccc froze the recovery case"
    by_code = entry(Event.CASE_FROZEN, actor=None, source="203.0.113.7", case="1" * 32)
    assert told(by_code) == "The recovery case was frozen, from 203.0.113.7"
    message = entry(Event.CASE_MESSAGE, actor=None, source="203.0.113.7", case="1" * 32)
    assert told(message) == "The claimant wrote a message in the recovery case, from 203.0.113.7"
    evidence = entry(Event.CASE_EVIDENCE, actor=None, case="1" * 32, detail={"kind": "key"})
    assert told(evidence) == "The claimant proved an SSH key of this account in the recovery case"


def test_where_it_came_from_is_told():
    assert told(entry(Event.SIGNED_IN, source="203.0.113.7")) == "You signed in, from 203.0.113.7"
    assert told(entry(Event.SIGNED_IN, source="local")) == "You signed in, on this machine"


def test_details_are_told():
    assert told(entry(Event.SESSION_ENDED, detail={"count": 1})) == "You ended 1 other session"
    assert told(entry(Event.SESSION_ENDED, detail={"count": 3})) == "You ended 3 other sessions"
    assert told(entry(Event.SESSION_ENDED, detail={"session": "5" * 32})) == "You ended a session"
    key = entry(Event.KEY_ADDED, source="local", detail={"fingerprint": "SHA256:mVx3"})
    assert told(key) == "You added the SSH key SHA256:mVx3, on this machine"
    assert told(entry(Event.ROLE_GIVEN, actor=HOST, detail={"role": "lead"})).endswith(
        "gave this account the role lead"
    )


def test_a_changed_entry_says_so_and_nothing_else():
    assert told(entry(Event.SIGNED_IN, source="203.0.113.7", genuine=False)) == CHANGED
