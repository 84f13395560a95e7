from datetime import timedelta

import pytest

from core.accounts.tables import AccountRow
from core.origin import LOCAL, Origin, ProvedKey
from core.secret import Secret
from core.sessions import SessionKind
from core.sessions.tables import KnownSourceRow, SessionRow

AWAY = Origin("192.0.2.1", ProvedKey("SHA256:" + "x" * 43, "ssh-ed25519 AAAA"))
BOTH = frozenset({"password", "token"})


@pytest.fixture
def opened(sessions, alice):
    return sessions.open(alice, SessionKind.FULL, AWAY, evidence=BOTH)


def test_a_session_is_found_by_its_token_and_says_what_it_is(sessions, opened, alice, clock):
    session = sessions.find(opened.token)
    assert session == opened.session
    assert (session.account, session.kind, session.source, session.fingerprint) == (
        alice,
        SessionKind.FULL,
        "192.0.2.1",
        AWAY.fingerprint,
    )
    assert (session.opened_at, session.seen_at, session.evidence) == (clock(), clock(), BOTH)


def test_a_token_has_128_bits_and_is_kept_only_as_its_mac(storage, opened):
    token = opened.token.reveal()
    assert len(bytes.fromhex(token)) == 16
    with storage.unit():
        kept = SessionRow.select().dicts().get()
    assert token not in repr(kept)
    assert bytes.fromhex(token) not in bytes(kept["token"])
    assert token not in repr(opened)


def test_the_id_of_a_session_opens_nothing(sessions, opened):
    assert sessions.find(Secret(opened.session.id)) is None
    assert sessions.find(Secret("")) is None
    assert sessions.find(Secret("0" * 32)) is None


@pytest.mark.parametrize(
    ("kind", "staff", "idle", "life"),
    [
        (SessionKind.FULL, False, timedelta(minutes=30), timedelta(hours=12)),
        (SessionKind.FULL, True, timedelta(minutes=15), timedelta(hours=12)),
        (SessionKind.PROBATION, False, timedelta(minutes=30), timedelta(hours=12)),
        (SessionKind.CLAIMANT, False, timedelta(minutes=30), timedelta(hours=2)),
        (SessionKind.CLAIMANT, True, timedelta(minutes=30), timedelta(hours=2)),
    ],
)
def test_a_session_ends_when_unused_and_when_its_time_is_up(sessions, alice, clock, kind, staff, idle, life):
    opened = sessions.open(alice, kind, LOCAL, evidence=BOTH, staff=staff)
    unused = sessions.open(alice, kind, LOCAL, evidence=BOTH, staff=staff)
    began = clock()
    clock.now = began + idle - timedelta(seconds=1)
    assert sessions.touch(opened.token) is not None
    assert sessions.find(unused.token) is not None
    clock.now = began + idle
    assert sessions.touch(unused.token) is None
    assert sessions.ending(unused.token) == "idle"
    while clock() + idle / 2 < began + life:
        clock.now += idle / 2
        assert sessions.touch(opened.token) is not None
    clock.now = began + life
    assert sessions.find(opened.token) is None
    assert sessions.touch(opened.token) is None
    assert sessions.ending(opened.token) == "expired"


def test_looking_does_not_keep_a_session_alive(sessions, opened, clock):
    for _ in range(29):
        clock.advance(minutes=1)
        assert sessions.find(opened.token) is not None
    clock.advance(minutes=1)
    assert sessions.find(opened.token) is None


def test_a_session_in_use_is_written_every_five_seconds_and_not_at_each_key(storage, sessions, opened, clock):
    def seen():
        with storage.unit():
            return SessionRow.get().seen_at

    began = clock()
    for _ in range(4):
        clock.advance(seconds=1)
        assert sessions.touch(opened.token) is not None
        assert seen() == began
    clock.advance(seconds=1)
    assert sessions.touch(opened.token).seen_at == clock()
    assert seen() == clock()


def test_an_ended_session_stays_ended_for_its_first_reason(sessions, opened):
    assert sessions.end(opened.session.id, "signed out")
    assert not sessions.end(opened.session.id, "ended elsewhere")
    assert sessions.find(opened.token) is None
    assert sessions.touch(opened.token) is None
    assert sessions.ending(opened.token) == "signed out"


def test_a_live_session_has_no_ending_and_an_unknown_one_neither(sessions, opened):
    assert sessions.ending(opened.token) is None
    assert sessions.ending(Secret("0" * 32)) is None


def test_a_session_that_ran_out_cannot_be_ended_again(sessions, opened, clock):
    clock.advance(minutes=30)
    assert not sessions.end(opened.session.id, "signed out")
    assert sessions.ending(opened.token) == "idle"


def test_all_sessions_of_an_account_end_but_the_one_that_asks(sessions, alice, bob, opened):
    mine = sessions.open(alice, SessionKind.FULL, LOCAL, evidence=BOTH)
    theirs = sessions.open(bob, SessionKind.FULL, LOCAL, evidence=BOTH)
    assert sessions.end_all(alice, but=mine.session.id, reason="password changed") == 1
    assert sessions.find(mine.token) is not None
    assert sessions.find(theirs.token) is not None
    assert sessions.ending(opened.token) == "password changed"
    assert sessions.end_all(alice) == 1
    assert sessions.end_all(alice) == 0
    assert sessions.live(alice) == []


def test_live_sessions_are_listed_the_latest_used_first(sessions, alice, bob, clock):
    first = sessions.open(alice, SessionKind.FULL, LOCAL, evidence=BOTH)
    clock.advance(minutes=1)
    second = sessions.open(alice, SessionKind.FULL, AWAY, evidence=BOTH)
    sessions.open(bob, SessionKind.FULL, LOCAL, evidence=BOTH)
    clock.advance(minutes=1)
    sessions.touch(first.token)
    assert [session.id for session in sessions.live(alice)] == [first.session.id, second.session.id]
    clock.advance(minutes=29)
    assert [session.id for session in sessions.live(alice)] == [first.session.id]


FORGERIES = {
    "kind": "full",
    "source": "local",
    "fingerprint": "SHA256:forged",
    "opened_at": timedelta(days=-1),
    "expires_at": timedelta(days=30),
    "idle": 10**15,
    "evidence": "password token",
    "id": "0" * 32,
}


@pytest.mark.parametrize("column", FORGERIES)
def test_a_session_changed_behind_our_back_is_none(storage, sessions, alice, clock, column):
    opened = sessions.open(alice, SessionKind.PROBATION, AWAY, evidence=frozenset({"password"}))
    forged = FORGERIES[column]
    value = clock() + forged if isinstance(forged, timedelta) else forged
    with storage.unit():
        SessionRow.update(**{column: value}).execute()
    assert sessions.find(opened.token) is None
    assert sessions.touch(opened.token) is None
    assert sessions.live(alice) == []


def test_a_session_moved_to_another_account_is_none(storage, sessions, bob, opened):
    with storage.unit():
        SessionRow.update(account=bob).execute()
    assert sessions.find(opened.token) is None


def test_a_token_put_on_another_session_opens_nothing(storage, sessions, bob, opened):
    sessions.open(bob, SessionKind.FULL, LOCAL, evidence=BOTH)
    with storage.unit():
        rows = {row.account: row for row in SessionRow.select()}
        token = rows.pop(opened.session.account).token
        SessionRow.update(token=b"gone").where(SessionRow.id == opened.session.id).execute()
        SessionRow.update(token=token).where(SessionRow.account == bob).execute()
    assert sessions.find(opened.token) is None


def test_expiry_ends_what_ran_out_and_says_why(storage, sessions, alice, opened, clock):
    staff = sessions.open(alice, SessionKind.FULL, LOCAL, evidence=BOTH, staff=True)
    clock.advance(minutes=20)
    assert sessions.expire() == 1
    assert sessions.ending(staff.token) == "idle"
    assert sessions.find(opened.token) is not None
    for _ in range(47):
        sessions.touch(opened.token)
        clock.advance(minutes=15)
    assert sessions.expire() == 1
    assert sessions.ending(opened.token) == "expired"
    assert sessions.expire() == 0
    clock.advance(days=30)
    sessions.expire()
    with storage.unit():
        assert SessionRow.select().count() == 0


def test_a_source_is_known_once_it_was_remembered_for_that_account(sessions, alice, bob):
    assert not sessions.known(alice, "192.0.2.1")
    sessions.remember(alice, "192.0.2.1")
    sessions.remember(alice, "192.0.2.1")
    assert sessions.known(alice, "192.0.2.1")
    assert not sessions.known(alice, "192.0.2.2")
    assert not sessions.known(bob, "192.0.2.1")


def test_a_source_is_forgotten_after_a_year_without_it(storage, sessions, alice, clock):
    sessions.remember(alice, "192.0.2.1")
    clock.advance(days=364)
    sessions.remember(alice, "192.0.2.1")
    clock.advance(days=364)
    assert sessions.known(alice, "192.0.2.1")
    clock.advance(days=1)
    assert not sessions.known(alice, "192.0.2.1")
    sessions.expire()
    with storage.unit():
        assert KnownSourceRow.select().count() == 0


def test_where_somebody_signed_in_from_is_not_kept_as_it_is(storage, sessions, alice):
    sessions.remember(alice, "192.0.2.1")
    with storage.unit():
        assert "192.0.2.1" not in repr(KnownSourceRow.select().dicts().get())


def test_what_belongs_to_an_account_goes_with_it(storage, sessions, alice, opened):
    sessions.remember(alice, "local")
    half = sessions.begin_sign_in(alice, LOCAL)
    with storage.unit():
        AccountRow.delete().execute()
    assert sessions.find(opened.token) is None
    assert sessions.sign_in(half.token) is None
    assert not sessions.known(alice, "local")
