import json
import os
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit import Event, HeadsFile
from core.errors import DatabaseGone, TransportFailed, TransportGone
from core.notices import Letter, State
from core.origin import LOCAL
from core.secret import Secret
from core.storage import Leases, Storage
from core.storage.rows import database_of_the_unit
from core.storage.tables import LeaseRow
from core.use_cases.due import Due, Piece, Work
from tests.mail_server import MailServer, self_made_certificate, serving
from tests.racing import race, race_processes
from tests.soak import soak_count
from tests.world import PASSWORD, World

LETTER = Letter("key added", "Acme: an SSH key was added", "Hello ada,\n\n...\n")


class Postbox:
    """A transport that keeps letters in memory; what it does before it takes one is the test's."""

    delivers = True

    def __init__(self, before=lambda outgoing: None):
        self.before = before
        self.got = []

    def hand_over(self, outgoing):
        self.before(outgoing)
        self.got.append(outgoing.id)


@pytest.fixture
def parts(world):
    return world.services.parts


@pytest.fixture
def post(parts):
    def post(**facts):
        with parts.storage.unit():
            return parts.notices.post(LETTER, **({"to": "ada@example.org", "account": None} | facts))

    return post


@pytest.fixture
def record(parts):
    def record(count=1):
        with parts.storage.unit():
            for _ in range(count):
                parts.audit.record(Event.SIGNED_IN, account="a" * 32)

    return record


@pytest.fixture
def swept(parts):
    """A worker whose first sweep is behind it, so that nothing is due."""

    def worker(transport=None):
        due = Due(parts, transport or Postbox())
        due.tick()
        return due

    return worker


def leases(parts):
    with parts.storage.unit():
        return {row["name"]: row["holder"] for row in LeaseRow.select().dicts()}


def recorded(parts, event):
    with parts.storage.unit():
        return parts.audit.search(event=event)


def listed(parts):
    with parts.storage.unit():
        return parts.notices.listed()


def test_when_nothing_is_due_one_unit_looks_and_nothing_is_written(parts, swept):
    due = swept()
    with parts.storage.unit():
        LeaseRow.delete().execute()
    assert due.tick() == Work()
    assert str(due.tick()) == "Nothing was due."
    assert leases(parts) == {}


def test_a_round_sends_seals_and_gives_the_lease_back(parts, swept, post, record):
    postbox = Postbox()
    due = swept(postbox)
    identifier = post()
    record(3)
    work = due.tick()
    assert (work.handed_over, work.sealed, work.failed, work.problems) == (1, 3, 0, [])
    assert str(work) == "1 notices handed over, 3 entries sealed"
    assert postbox.got == [identifier]
    assert [each.state for each in listed(parts)] == [State.HANDED_OVER]
    assert set(leases(parts)) == {"due sweep"}
    assert due.tick() == Work()


def test_sending_is_outside_any_unit_and_holds_nobody_up(parts, swept, post, record):
    done_meanwhile = []

    def others_work(_outgoing):
        other = threading.Thread(target=lambda: done_meanwhile.append(record()))
        other.start()
        other.join(3)

    due = swept(Postbox(others_work))
    post()
    assert due.tick().handed_over == 1
    assert done_meanwhile == [None]


def test_a_letter_for_later_goes_when_it_is_due(parts, swept, post, world):
    postbox = Postbox()
    due = swept(postbox)
    post(due=parts.clock() + timedelta(hours=24))
    assert due.tick() == Work()
    world.clock.advance(hours=24)
    assert due.tick().handed_over == 1


def test_what_expires_is_swept_once_a_minute_whoever_does_it(parts, world, swept):
    world.person("ada")
    first, second = swept(), swept()
    world.sign_in("ada")
    world.clock.advance(days=1)
    work = first.tick()
    assert work.expired >= 1
    assert second.tick().expired == 0
    assert world.sessions("ada") == []


@pytest.mark.parametrize("failure", [TransportGone("The mail server hung up."), RuntimeError("a bug with a secret")])
def test_mail_that_fails_stops_neither_sealing_nor_expiry(parts, world, swept, post, record, failure):
    def fail(_outgoing):
        raise failure

    due = swept(Postbox(fail))
    post()
    record()
    world.clock.advance(minutes=2)
    work = due.tick()
    assert (work.sealed, work.handed_over) == (1, 0)
    assert [each.state for each in listed(parts)] == [State.QUEUED]


def test_a_piece_that_fails_is_recorded_once_with_an_error_id_and_never_with_values(parts, world, swept, post):
    def fail(outgoing):
        raise RuntimeError(outgoing.to)

    postbox = Postbox(fail)
    due = swept(postbox)
    post()
    post()
    (problem,) = due.tick().problems
    (entry,) = recorded(parts, Event.WORK_FAILED)
    assert problem == f"mail failed, error id {entry.detail['error']}: RuntimeError"
    assert entry.detail["work"] == "mail"
    assert entry.detail["kind"] == "RuntimeError"
    assert "test_due:" in entry.detail["at"]
    (problem_again,) = due.tick().problems
    assert problem_again == problem
    assert len(recorded(parts, Event.WORK_FAILED)) == 1

    postbox.before = lambda outgoing: None
    world.clock.advance(minutes=5)
    assert due.tick().handed_over == 2
    postbox.before = fail
    post()
    assert due.tick().problems != [problem]
    assert len(recorded(parts, Event.WORK_FAILED)) == 2


def test_one_thing_that_cannot_expire_stops_no_other(parts, world, swept):
    world.person("ada")
    due = swept()
    world.sign_in("ada")
    world.clock.advance(days=1)
    with parts.storage.unit():
        database_of_the_unit().execute_sql("ALTER TABLE stop_codes RENAME TO gone")
    work = due.tick()
    (problem,) = work.problems
    assert problem.startswith("expiry of stop codes failed, error id ")
    assert work.expired >= 1
    with parts.storage.unit():
        database_of_the_unit().execute_sql("ALTER TABLE gone RENAME TO stop_codes")
    world.clock.advance(minutes=1)
    assert due.tick().problems == []


def test_other_parts_add_their_work_which_is_sent_in_the_same_round(parts, swept, post):
    calls = []

    def do(work):
        calls.append(post())
        work.completed += 1

    due = swept()
    due.also.append(Piece("a piece", lambda: not calls, do))
    due.also.append(Piece("another", lambda: False, do))
    work = due.tick()
    assert (work.completed, work.handed_over) == (1, 1)
    assert len(calls) == 1
    assert str(work) == "1 notices handed over, 1 cases completed"


def test_a_refusal_for_good_is_final_and_on_record(parts, swept, post):
    def refuse(_outgoing):
        raise TransportFailed("The mail server refuses it: 550.", permanent=True)

    due = swept(Postbox(refuse))
    post(account="a" * 32)
    assert due.tick().failed == 1
    (each,) = listed(parts)
    assert (each.state, each.reason) == (State.FAILED, "The mail server refuses it: 550.")
    (entry,) = recorded(parts, Event.NOTICE_FAILED)
    assert (entry.account, entry.detail) == ("a" * 32, {"kind": "key added"})


def test_one_letter_that_is_refused_for_now_holds_up_no_other(parts, swept, post, world):
    refused = post()
    world.clock.advance(seconds=1)
    taken = post()

    def greylist(outgoing):
        if outgoing.id == refused:
            raise TransportFailed("The mail server refuses it: 450.", permanent=False)

    postbox = Postbox(greylist)
    due = Due(parts, postbox)
    work = due.tick()
    assert (work.handed_over, work.failed) == (1, 1)
    assert postbox.got == [taken]
    assert due.tick() == Work()
    assert recorded(parts, Event.NOTICE_FAILED) == []


def test_a_mail_server_that_is_gone_is_asked_again_after_a_minute_and_by_one_letter(parts, swept, post, world):
    asked = []

    def gone(outgoing):
        asked.append(outgoing.id)
        raise TransportGone("The mail server cannot be reached: ConnectionRefusedError.")

    postbox = Postbox(gone)
    due = swept(postbox)
    for _ in range(5):
        post()
    due.tick()
    due.tick()
    assert len(asked) == 1
    world.clock.advance(minutes=1)
    due.tick()
    assert len(asked) == 2
    postbox.before = lambda outgoing: None
    world.clock.advance(minutes=2)
    assert due.tick().handed_over == 5


def test_slow_mail_ends_the_round_after_ten_seconds(parts, swept, post, world):
    due = swept(Postbox(lambda outgoing: world.clock.advance(seconds=4)))
    for _ in range(5):
        post()
    assert due.tick().handed_over == 3
    assert due.tick().handed_over == 2


def test_while_one_works_the_other_does_nothing(parts, post, record):
    answers = []
    second = Due(parts, Postbox())

    def meanwhile(_outgoing):
        record()
        answers.append(second.tick())

    first = Due(parts, Postbox(meanwhile))
    post()
    post()
    assert first.tick().handed_over == 2
    assert answers == [Work(), Work()]
    assert second.tick().sealed == 2


def test_one_that_lost_its_lease_in_a_slow_letter_stops_and_no_letter_goes_twice(parts, post, world):
    second = Due(parts, Postbox())

    def too_slow(_outgoing):
        if not second_worked:
            world.clock.advance(seconds=21)
            second_worked.append(second.tick())
            with parts.storage.unit():  # and it is still at it
                Leases(parts.clock).take("due work", second._holder, parts.clock() + timedelta(seconds=20))

    second_worked = []
    first = Due(parts, Postbox(too_slow))
    posted = {post() for _ in range(4)}
    assert first.tick().handed_over == 1
    assert second_worked[0].handed_over == 3
    assert sorted(first._transport.got + second._transport.got) == sorted(posted)


def test_a_worker_that_died_with_a_letter_in_hand_is_followed_after_five_minutes(parts, swept, post, world):
    class Killed(BaseException):
        """What no `except Exception` catches, as a kill would be."""

    def killed(_outgoing):
        raise Killed

    identifier = post()
    with pytest.raises(Killed):
        Due(parts, Postbox(killed)).tick()
    postbox = Postbox()
    successor = Due(parts, postbox)
    assert successor.tick() == Work()  # the lease is the dead one's
    world.clock.advance(seconds=21)
    successor.tick()
    assert postbox.got == []  # the letter is in the dead one's hands
    world.clock.advance(minutes=5)
    successor.tick()
    assert postbox.got == [identifier]


def test_threads_and_workers_at_once_send_and_seal_everything_once(parts, post, record):
    for _ in range(soak_count(2, 40)):
        posted = {post() for _ in range(12)}
        record(20)
        with parts.storage.unit():
            waiting = parts.audit.unsealed()
        assert waiting
        workers = [Due(parts, Postbox(lambda outgoing: time.sleep(0.002))) for _ in range(3)]
        done = race(*[worker.tick for worker in workers], threads=12)
        done += [worker.tick() for worker in workers]
        got = [identifier for worker in workers for identifier in worker._transport.got]
        assert sorted(got) == sorted(posted)
        assert sum(work.sealed for work in done) == 20
        assert [problem for work in done for problem in work.problems] == []
        with parts.storage.unit():
            assert parts.audit.verify().whole


def test_processes_at_once_send_every_letter_once(world, parts, post, tmp_path):
    posted = {post() for _ in range(soak_count(16, 400))}
    world.services.close()

    class Log:
        delivers = True

        def hand_over(self, outgoing):
            with (tmp_path / "sent").open("a") as log:
                log.write(outgoing.id + "\n")

    def work():
        worker = Due(parts, Log())
        worker._holder = f"{os.getpid():032d}"  # repeatable randomness is the same in every child
        done = 0
        for _ in range(400):
            done += worker.tick().handed_over
            with parts.storage.unit():
                if not parts.notices.any_due():
                    break
            time.sleep(0.01)
        parts.storage.close()
        return done

    assert sum(race_processes(work, processes=4)) == len(posted)
    assert sorted((tmp_path / "sent").read_text().split()) == sorted(posted)


def test_the_head_is_kept_outside_the_database_each_minute(parts, world, swept, record):
    heads = HeadsFile(world.settings.home)
    due = swept()
    record()
    due.tick()
    first = heads.read()
    assert [head.number for head in first] == [1]
    record()
    due.tick()
    assert heads.read() == first
    world.clock.advance(minutes=1)
    record()
    due.tick()
    assert [head.number for head in heads.read()] == [1, 3]
    assert world.services.operator.verify_audit().whole


def test_the_operator_sees_that_the_trail_was_cut(parts, world, swept, record):
    due = swept()
    record()
    due.tick()
    world.clock.advance(minutes=1)
    record(4)
    due.tick()
    with parts.storage.unit():
        for table in ("audit_seals WHERE number > 1", "audit_entries WHERE seal > 1"):
            database_of_the_unit().execute_sql(f"DELETE FROM {table}")
    verdict = world.services.operator.verify_audit()
    assert verdict.sentence.startswith(
        "The audit trail is not whole. Seal 2 is missing, and 4 sealed entries with them"
    )


def test_a_head_that_cannot_be_kept_is_said_and_the_seal_stands(parts, world, record):
    (world.settings.home / "audit-heads").mkdir()
    record()
    work = Due(parts, Postbox()).tick()
    (problem,) = work.problems
    assert "audit-heads cannot be written" in problem
    with parts.storage.unit():
        assert parts.audit.head().number >= 1


def test_a_long_backlog_is_sealed_in_one_round(parts, record, swept):
    due = swept()
    record(2500)
    assert due.tick().sealed == 2500
    with parts.storage.unit():
        assert [seal.count for seal in parts.audit.heads()][-3:] == [1000, 1000, 500]


def test_a_database_that_is_gone_is_a_loud_answer(parts, tmp_path):
    nowhere = Storage(f"postgresql://postgres@/lockwright?host={tmp_path}")
    with pytest.raises(DatabaseGone):
        Due(replace(parts, storage=nowhere), Postbox()).tick()


def test_mail_goes_to_the_server_of_the_settings_and_counts_as_delivered(home, database_url, tmp_path):
    certificate = self_made_certificate(tmp_path)
    with serving(MailServer(), certificate) as server:
        smtp = {"smtp_host": "localhost", "smtp_port": server.port, "smtp_from": "accounts@example.org"}
        world = World(home, database=database_url, mail="smtp", smtp_ca=str(certificate), **smtp)
        world.services.sign_up.register("ada", "ada@example.org", Secret(PASSWORD), LOCAL)
        assert world.services.due.tick().handed_over == 1
        (each,) = listed(world.services.parts)
        assert (each.state, each.kind) == (State.HANDED_OVER, "address code")
        world.close()
    (envelope,) = server.got
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert b"Acme: confirm your address" in envelope.content


def test_the_local_app_s_mail_lands_in_the_home_folder(world, parts, post):
    post()
    assert world.services.due.tick().handed_over == 1
    (letter,) = (world.settings.home / "mail" / "new").iterdir()
    assert "an SSH key was added" in letter.read_text()


def test_kept_heads_are_lines_that_other_programs_can_read(parts, world, record):
    record()
    Due(parts, Postbox()).tick()
    (line,) = (world.settings.home / "audit-heads").read_text().splitlines()
    assert set(json.loads(line)) == {"number", "count", "total", "at", "digest", "previous", "signature"}
