"""A key belongs to one account, was proved by a connection, and leaves a record when it goes."""

import base64
import functools
import hashlib
from datetime import UTC, datetime

import pytest

from core.errors import KeyNotGenuine
from core.origin import ProvedKey
from core.ssh_keys import Key, KeyTaken, SshKeys
from core.ssh_keys.tables import SshKeyRow
from tests.racing import race, race_processes
from tests.soak import soak_count
from tests.units import InUnits

ADA, BOB = "a" * 32, "b" * 32


def proved(number=1):
    """A key as a connection proves it; the fingerprint is computed apart from the code under test."""
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes([number % 256]) * 28 + number.to_bytes(4)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return ProvedKey(f"SHA256:{digest}", "ssh-ed25519 " + base64.b64encode(blob).decode())


@pytest.fixture
def keys(storage, vault, clock):
    return InUnits(storage, SshKeys(vault, clock))


def test_a_key_is_kept_with_when_and_how_it_was_added(keys, clock):
    key = keys.add(ADA, proved(), "laptop", True)
    assert key == Key(key.id, ADA, proved().fingerprint, proved().public, "laptop", clock(), True, None)
    assert key.algorithm == "ssh-ed25519"
    assert keys.of(ADA) == [key]
    assert keys.held(proved().fingerprint) == key
    assert keys.owner(proved().fingerprint) == ADA
    assert keys.by_id(key.id) == key


def test_a_key_added_without_two_factor_authentication_says_so(keys):
    assert not keys.add(ADA, proved(), "laptop", False).with_two_factor
    assert not keys.of(ADA)[0].with_two_factor


def test_a_comment_is_not_kept(keys):
    key = keys.add(ADA, ProvedKey(proved().fingerprint, proved().public + " ada@laptop \x1b[31m"), "laptop", True)
    assert key.public == proved().public


def test_an_unknown_key_has_no_owner(keys):
    assert keys.owner(proved().fingerprint) is None
    assert keys.held(proved().fingerprint) is None
    assert keys.of(ADA) == []
    assert keys.by_id(7) is None


def test_a_key_belongs_to_one_account(keys):
    keys.add(ADA, proved(), "hers", True)
    assert keys.add(BOB, proved(), "his", True) == KeyTaken(own=False)
    assert keys.add(ADA, proved(), "again", True) == KeyTaken(own=True)
    assert keys.owner(proved().fingerprint) == ADA
    assert [key.label for key in keys.of(ADA)] == ["hers"]


def test_keys_are_listed_oldest_first(keys, clock):
    for number, label in enumerate(("c", "a", "b")):
        keys.add(ADA, proved(number), label, True)
        clock.advance(seconds=1)
    keys.add(BOB, proved(9), "his", True)
    assert [key.label for key in keys.of(ADA)] == ["c", "a", "b"]


@pytest.mark.parametrize(
    "lie",
    [
        ProvedKey(proved(2).fingerprint, proved(1).public),
        ProvedKey(proved(1).fingerprint.replace("SHA256:", "MD5:"), proved(1).public),
        ProvedKey(proved(1).fingerprint + "=", proved(1).public),
        ProvedKey(proved(1).fingerprint, "nonsense"),
        ProvedKey("", ""),
    ],
)
def test_a_fingerprint_that_is_not_that_of_the_key_is_refused(keys, lie):
    with pytest.raises(KeyNotGenuine):
        keys.add(ADA, lie, "laptop", True)
    assert keys.of(ADA) == []


def test_a_removed_key_no_longer_counts_but_is_on_record(keys, clock):
    key = keys.add(ADA, proved(), "laptop", True)
    clock.advance(days=40)
    assert keys.remove(ADA, key.id)
    assert keys.of(ADA) == []
    assert keys.owner(proved().fingerprint) is None
    gone = keys.by_id(key.id)
    assert (gone.added_at, gone.removed_at) == (key.added_at, clock())


def test_a_key_is_removed_once_and_by_its_owner_alone(keys):
    key = keys.add(ADA, proved(), "laptop", True)
    assert not keys.remove(BOB, key.id)
    assert keys.owner(proved().fingerprint) == ADA
    assert keys.remove(ADA, key.id)
    assert not keys.remove(ADA, key.id)
    assert not keys.remove(ADA, key.id + 1)


def test_a_removed_key_can_be_added_again_and_begins_anew(keys, clock):
    first = keys.add(ADA, proved(), "laptop", True)
    keys.remove(ADA, first.id)
    clock.advance(days=1)
    second = keys.add(BOB, proved(), "his now", False)
    assert second.id != first.id
    assert second.added_at == clock()
    assert keys.owner(proved().fingerprint) == BOB
    assert not keys.remove(ADA, first.id)
    assert keys.by_id(first.id).account == ADA


@pytest.mark.parametrize(
    "change",
    [
        {"account": BOB},
        {"added_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"with_two_factor": True},
        {"public": proved(2).public},
        {"fingerprint": proved(2).fingerprint},
        {"live": proved(2).fingerprint},
        {"label": "another"},
        {"mac": b""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_row_that_was_changed_behind_our_back_is_no_key(keys, storage, change):
    key = keys.add(ADA, proved(), "laptop", False)
    with storage.unit():
        SshKeyRow.update(change).execute()
    assert keys.owner(proved(1).fingerprint) is None
    assert keys.owner(proved(2).fingerprint) is None
    if "live" not in change:
        assert keys.of(ADA) == keys.of(BOB) == []
        assert keys.by_id(key.id) is None
        assert not keys.remove(change.get("account", ADA), key.id)


def test_a_row_that_was_put_there_behind_our_back_is_no_key(keys, storage):
    key = keys.add(BOB, proved(), "his", True)
    with storage.unit():
        (stolen,) = SshKeyRow.select().dicts()
        SshKeyRow.delete().execute()
        SshKeyRow.insert(stolen | {"account": ADA}).execute()
    assert keys.owner(key.fingerprint) is None
    assert keys.of(ADA) == []


def test_a_removed_key_cannot_be_brought_back_behind_our_back(keys, storage):
    key = keys.add(ADA, proved(), "laptop", True)
    keys.remove(ADA, key.id)
    with storage.unit():
        SshKeyRow.update(live=key.fingerprint).execute()
    assert keys.owner(key.fingerprint) is None
    with storage.unit():
        SshKeyRow.update(removed_at=None).execute()
    assert keys.owner(key.fingerprint) is None
    assert keys.of(ADA) == []


@pytest.mark.parametrize("racing", [race, race_processes], ids=["threads", "processes"])
def test_of_many_accounts_that_add_a_key_at_once_one_gets_it(keys, racing):
    for number in range(soak_count(4, 1000)):
        adding = [functools.partial(keys.add, f"{who:032x}", proved(number), "mine", True) for who in range(16)]
        answers = racing(*adding)
        won = [answer for answer in answers if isinstance(answer, Key)]
        assert len(won) == 1
        assert answers.count(KeyTaken(own=False)) == len(answers) - 1
        assert keys.owner(proved(number).fingerprint) == won[0].account


def test_a_key_is_removed_once_however_many_ask(keys):
    for number in range(soak_count(4, 1000)):
        key = keys.add(ADA, proved(number), "laptop", True)
        assert race(functools.partial(keys.remove, ADA, key.id)).count(True) == 1
