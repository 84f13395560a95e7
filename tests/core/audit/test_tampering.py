"""Whoever can write to the database, and has not the key file, can change nothing without it being found and said."""

import random
import shutil

import pytest

from core.audit import AuditTrail, Event
from core.audit.sealing import listed, unlisted
from core.audit.tables import EntryRow, SealRow
from core.home import prepare
from core.storage import Storage, sqlite_url
from core.storage.rows import database_of_the_unit
from core.vault import Vault
from tests.conftest import INSTALLATION
from tests.core.audit.conftest import ADA, play_forty_three
from tests.postgres import fresh_database
from tests.repeatable import WorldClock, counted_tokens
from tests.soak import soak_count
from tests.units import InUnits


class TakenBack(Exception):
    """Undoes an edit, so that the next one begins from the same trail."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request, tmp_path_factory, sqlite_template):
    """One database for all of these tests, as every edit is taken back: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("sealed") / "lockwright.sqlite"
        shutil.copyfile(sqlite_template, path)
        path.chmod(0o600)
        yield sqlite_url(path)
    else:
        with fresh_database() as url:
            yield url


@pytest.fixture(scope="module")
def sealed(database_url, tmp_path_factory):
    """The storage, the trail with what a `sealed_trail` has in it, and its clock."""
    home = prepare(tmp_path_factory.mktemp("sealed") / "home")
    clock, tokens = WorldClock(), counted_tokens()
    storage = Storage(database_url, idle_seconds=None)
    vault = Vault.create(home, INSTALLATION, tokens)
    trail = AuditTrail(vault, clock, tokens)
    play_forty_three(storage, trail, clock)
    yield storage, trail, clock
    storage.close()


@pytest.fixture
def storage(sealed):
    return sealed[0]


@pytest.fixture
def trail(sealed):
    return sealed[1]


@pytest.fixture
def sealed_trail(storage, trail):
    return InUnits(storage, trail)


@pytest.fixture
def clock(sealed):
    clock = sealed[2]
    before = clock()
    yield clock
    clock.now = before


@pytest.fixture
def after(storage, trail, sealed_trail):
    """What verifying finds after an edit, which is taken back."""
    heads = sealed_trail.heads()

    def found(edit, *, kept=heads):
        with pytest.raises(TakenBack) as taken_back, storage.unit():
            edit()
            raise TakenBack(trail.verify(kept))
        return taken_back.value.args[0]

    assert found(lambda: None).whole
    return found


def entry(place):
    """The id of the entry at `place`, from 0."""
    return list(EntryRow.select(EntryRow.id).order_by(EntryRow.id).tuples())[place][0]


def change(place, **columns):
    assert EntryRow.update(**columns).where(EntryRow.id == entry(place)).execute() == 1


def allow_copies():
    """Whoever can write rows may be able to take a constraint away, too."""
    database = database_of_the_unit()
    (unique,) = [index.name for index in database.get_indexes("audit_entries") if index.columns == ["uid"]]
    database.execute_sql(f'DROP INDEX "{unique}"')


def row(place):
    (found,) = EntryRow.select().where(EntryRow.id == entry(place)).dicts()
    return found


@pytest.mark.parametrize(
    "columns",
    [
        {"event": "sign_in.refused"},
        {"account": "c" * 32},
        {"account": None},
        {"actor": "host"},
        {"case": "1" * 32},
        {"source": "198.51.100.1"},
        {"source": ""},
        {"detail": "{ }"},
        {"uid": "0" * 32},
        {"mac": b""},
        {"mac": bytes(36)},
        {"at": 1},
    ],
)
@pytest.mark.parametrize("place", [3, 41])
def test_a_changed_entry_is_found_and_named(after, columns, place):
    number = place + 1
    verdict = after(lambda: change(place, **columns))
    assert not verdict.whole
    assert verdict.problems[0].startswith(f"Entry {number} of "), verdict.problems
    assert verdict.problems[0].endswith(" was changed, or was not written by Lockwright.")


def test_a_missing_entry_is_found_and_named(after):
    verdict = after(lambda: EntryRow.delete().where(EntryRow.id == entry(10)).execute())
    assert verdict.problems == ("Entry 11 is missing from seal 2 of 5 Jan 2026, 09:00:16 UTC.",)
    assert verdict.sentence == f"The audit trail is not whole. {verdict.problems[0]}"


def test_every_entry_of_a_seal_missing_is_found(after):
    verdict = after(lambda: EntryRow.delete().where(EntryRow.seal == 3).execute())
    assert [problem.partition(" is missing")[0] for problem in verdict.problems] == [
        f"Entry {n}" for n in range(17, 25)
    ]


def test_reordered_entries_are_found(after):
    def swap():
        first, second = entry(4), entry(5)
        EntryRow.update(id=-1).where(EntryRow.id == first).execute()
        EntryRow.update(id=first).where(EntryRow.id == second).execute()
        EntryRow.update(id=second).where(EntryRow.id == -1).execute()

    verdict = after(swap)
    assert verdict.problems == ("What is in seal 1 of 5 Jan 2026, 09:00:08 UTC is not what was sealed.",)


def test_entries_whose_contents_were_swapped_are_found(after):
    def swap():
        one, other = row(4), row(5)
        for columns in (one, other):
            del columns["id"]
        other_uid, other["uid"] = other["uid"], "0" * 32
        change(4, **other)
        change(5, **one)
        change(4, uid=other_uid)

    assert not after(swap).whole


def test_an_inserted_entry_is_found_whether_it_claims_a_seal_or_not(after):
    def insert(seal):
        forged = row(0) | {"uid": "0" * 32, "seal": seal}
        del forged["id"]
        EntryRow.insert(**forged).execute()

    for seal in (None, 2, 99):
        verdict = after(lambda seal=seal: insert(seal))
        assert any("was not written by Lockwright" in problem for problem in verdict.problems)
    assert any("was put into seal 2" in problem for problem in after(lambda: insert(2)).problems)
    assert any("seal 99, which is not there" in problem for problem in after(lambda: insert(99)).problems)


@pytest.mark.parametrize("seal", [None, 1])
def test_a_copy_of_a_genuine_entry_is_found(after, seal):
    def insert():
        allow_copies()
        copy = row(0) | {"seal": seal}
        del copy["id"]
        EntryRow.insert(**copy).execute()

    verdict = after(insert)
    assert any(problem.endswith(" is a copy of entry 1.") for problem in verdict.problems)


def test_an_entry_taken_out_of_its_seal_is_found(after):
    verdict = after(lambda: change(10, seal=None))
    assert verdict.problems == ("Entry 11 was taken out of seal 2 of 5 Jan 2026, 09:00:16 UTC.",)
    moved = after(lambda: change(10, seal=4))
    assert any("Entry 11 was taken out of seal 2" in problem for problem in moved.problems)
    assert any(problem.startswith("Entry 11 of ") and "was put into seal 4" in problem for problem in moved.problems)


def test_an_entry_kept_from_being_sealed_is_found(after):
    verdict = after(lambda: change(41, seal=2))
    assert any("was put into seal 2" in problem for problem in verdict.problems)


@pytest.mark.parametrize(
    "columns",
    [
        {"count": 7},
        {"total": 100},
        {"at": 1},
        {"digest": bytes(32)},
        {"previous": bytes(32)},
        {"signature": bytes(68)},
        {"signature": b""},
    ],
)
def test_a_changed_seal_is_found_and_named(after, columns):
    verdict = after(lambda: SealRow.update(**columns).where(SealRow.number == 3).execute(), kept=[])
    assert "Seal 3 was changed." in verdict.problems


def test_a_changed_list_of_a_seal_is_found(after):
    def rewrite(ids):
        SealRow.update(entries=ids).where(SealRow.number == 3).execute()

    for ids in ("[]", "no list", listed(range(17, 24)), listed([*range(17, 25), 3])):
        verdict = after(lambda ids=ids: rewrite(ids))
        assert verdict.problems == ("The list of what is in seal 3 was changed.",)


def test_a_missing_seal_is_found_and_named(after):
    verdict = after(lambda: SealRow.delete().where(SealRow.number == 3).execute(), kept=[])
    assert verdict.problems[0] == "Seal 3 is missing."
    assert any("Entry 17 " in problem and "seal 3, which is not there" in problem for problem in verdict.problems)
    several = after(lambda: SealRow.delete().where(SealRow.number << (2, 3)).execute(), kept=[])
    assert several.problems[0] == "Seals 2 to 3 are missing."


def test_swapped_seals_are_found(after):
    def swap():
        for before, now in ((2, 99), (3, 2), (99, 3)):
            SealRow.update(number=now).where(SealRow.number == before).execute()

    assert "Seal 2 was changed." in after(swap).problems


def cut(number):
    """Take away everything from seal `number` on, as if it had never been."""
    SealRow.delete().where(SealRow.number >= number).execute()
    EntryRow.delete().where(EntryRow.seal.is_null() | (EntryRow.seal >= number)).execute()


def test_a_cut_trail_is_found_by_a_head_that_was_kept(after, sealed_trail):
    assert after(lambda: cut(4), kept=[]).whole  # the database alone cannot tell
    verdict = after(lambda: cut(4), kept=[sealed_trail.head()])
    assert verdict.problems[0] == (
        "Seals 4 to 5 are missing, and 16 sealed entries with them: the trail was cut off, "
        "it had gone on until 5 Jan 2026, 09:00:40 UTC."
    )
    everything = after(lambda: cut(1), kept=[sealed_trail.head()])
    assert everything.problems[0].startswith("Seals 1 to 5 are missing, and 40 sealed entries")


def test_a_trail_that_was_cut_and_went_on_is_found_by_a_head_that_was_kept(after, trail, sealed_trail, clock):
    head = sealed_trail.head()

    def cut_and_go_on():
        cut(5)
        clock.advance(days=1)
        trail.record(Event.SIGNED_IN, account=ADA)
        trail.seal()

    verdict = after(cut_and_go_on, kept=[head])
    assert verdict.problems[0] == (
        "Seal 5 is not the one whose head of 5 Jan 2026, 09:00:40 UTC was kept: "
        "the trail was put back to an earlier time, or written anew."
    )


def test_entries_sealed_anew_without_the_one_that_hurts_are_found_by_a_head_that_was_kept(after, trail, sealed_trail):
    head = sealed_trail.head()

    def seal_anew():
        SealRow.delete().where(SealRow.number == 5).execute()
        EntryRow.delete().where(EntryRow.id == entry(36)).execute()
        EntryRow.update(seal=None).where(EntryRow.seal == 5).execute()
        trail.seal()

    assert after(seal_anew, kept=[]).whole
    assert not after(seal_anew, kept=[head]).whole


def test_every_problem_is_said_up_to_a_hundred(after, trail):
    assert len(after(lambda: EntryRow.update(source="elsewhere").execute()).problems) == 43
    verdict = after(lambda: EntryRow.update(event="x").execute())
    assert verdict.sentence.endswith(" And 42 more problems.")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entries SET event = 5 WHERE id = 3",
        "UPDATE audit_entries SET mac = 'text' WHERE id = 3",
        "UPDATE audit_entries SET mac = 1.5 WHERE id = 3",
        "UPDATE audit_entries SET at = 'yesterday' WHERE id = 3",
        "UPDATE audit_entries SET at = 9223372036854775807 WHERE id = 3",
        "UPDATE audit_entries SET source = x'ff' WHERE id = 3",
        "UPDATE audit_entries SET detail = CAST(x'ff' AS TEXT) WHERE id = 3",
        "UPDATE audit_entries SET seal = 'x' WHERE id = 3",
        "UPDATE audit_entries SET seal = 9223372036854775807 WHERE id = 3",
        "UPDATE audit_entries SET seal = x'00' WHERE id = 43",
        "UPDATE audit_seals SET total = 'many' WHERE number = 2",
        "UPDATE audit_seals SET at = 9223372036854775807 WHERE number = 2",
        "UPDATE audit_seals SET digest = 'text' WHERE number = 2",
        "UPDATE audit_seals SET entries = x'ff' WHERE number = 2",
        "UPDATE audit_seals SET signature = 7 WHERE number = 2",
    ],
)
def test_a_value_of_another_kind_is_found_and_crashes_nothing(after, sql):
    assert not after(lambda: database_of_the_unit().execute_sql(sql)).whole


def random_edit(chance):
    """Change one thing at random, of what an entry or a seal says, or which there are; what was done."""
    rows = list(EntryRow.select().order_by(EntryRow.id).dicts())
    seals = list(SealRow.select().order_by(SealRow.number).dicts())
    sealed = [found for found in rows if found["seal"] is not None]
    kind = chance.choice(
        ["change"] * 6
        + ["delete", "swap", "insert", "copy", "place", "move"]
        + ["change seal"] * 4
        + ["delete seal", "cut"]
    )
    one, other = chance.sample(rows, 2)
    match kind:
        case "change":
            column = chance.choice(["uid", "at", "event", "account", "actor", "case", "source", "detail", "mac"])
            now = spoilt(chance, one[column])
            EntryRow.update({column: now}).where(EntryRow.id == one["id"]).execute()
            return f"{column} of {one['id']} is {now!r}"
        case "delete":
            one = chance.choice(sealed)
            EntryRow.delete().where(EntryRow.id == one["id"]).execute()
        case "swap":
            EntryRow.update(mac=other["mac"]).where(EntryRow.id == one["id"]).execute()
            EntryRow.update(mac=one["mac"]).where(EntryRow.id == other["id"]).execute()
        case "insert" | "copy":
            allow_copies()
            new = one | {"seal": chance.choice([None, *range(1, 8)])}
            if kind == "insert":
                new["uid"] = spoilt(chance, new["uid"])
            del new["id"]
            EntryRow.insert(**new).execute()
        case "place":
            one = chance.choice(sealed)
            EntryRow.update(id=chance.choice([-one["id"], 1000 + one["id"]])).where(EntryRow.id == one["id"]).execute()
        case "move":
            now = chance.choice([seal for seal in (None, *range(-1, 8)) if seal != one["seal"]])
            EntryRow.update(seal=now).where(EntryRow.id == one["id"]).execute()
        case "change seal":
            seal = chance.choice(seals)
            column = chance.choice(["number", "count", "total", "at", "digest", "previous", "signature", "entries"])
            now = spoilt(chance, seal[column]) if column != "number" else chance.choice([0, -1, 99])
            if column == "entries":
                now = listed(chance.sample(unlisted(seal["entries"]), seal["count"] - 1))
            SealRow.update({column: now}).where(SealRow.number == seal["number"]).execute()
            return f"{column} of seal {seal['number']} is {now!r}"
        case "delete seal":
            SealRow.delete().where(SealRow.number == chance.choice(seals)["number"]).execute()
        case "cut":
            cut(chance.randrange(1, len(seals) + 1))
    return f"{kind} {one['id']} {other['id']}"


def spoilt(chance, value):
    """Another value than `value`, of the same kind and not far from it."""
    match value:
        case bytes() | memoryview():
            content = bytearray(value)
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            return bytes(content)
        case str() if value:
            place = chance.randrange(len(value))
            return value[:place] + chr(32 + (ord(value[place]) - 31) % 95) + value[place + 1 :]
        case int():
            return value + chance.choice([-1, 1, 1000])
        case None | "":
            return "x"
        case _:
            return value.replace(microsecond=value.microsecond ^ 1)


def test_every_random_edit_is_found(after):
    chance = random.Random(7)
    for _ in range(soak_count(150, 50_000)):
        done = []
        verdict = after(lambda done=done: done.append(random_edit(chance)))
        assert not verdict.whole, done
