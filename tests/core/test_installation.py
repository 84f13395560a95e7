import json
import multiprocessing
import os
import signal
import stat
import time

import pytest

from core.errors import KeysForeign, KeysMissing
from core.home import prepare
from core.installation import open_vault
from core.storage import Storage, claim_installation, installation_id
from core.tokens import Tokens
from core.vault import KEY_FILE
from core.vault.keys import fresh, write_unfinished
from tests.racing import race_processes
from tests.soak import soak_count


@pytest.fixture
def empty(empty_database_url):
    storage = Storage(empty_database_url)
    yield storage
    storage.close()


@pytest.fixture
def start(empty, home, clock):
    return lambda: open_vault(empty, home, clock, Tokens())


def known(storage):
    with storage.unit():
        return installation_id()


def test_the_first_start_makes_tables_keys_and_an_id_and_the_next_ones_use_them(start, empty, home):
    first = start()
    assert first.installation == known(empty)
    assert start().unseal(first.seal(b"plain", "context"), "context") == b"plain"
    assert all(not stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [home, *home.iterdir()])


@pytest.mark.parametrize("turn", range(soak_count(3, 200)))
def test_first_starts_at_once_agree(empty, home, clock, turn):
    macs = race_processes(lambda: open_vault(empty, home, clock, Tokens()).mac("same"), processes=6)
    assert len(set(macs)) == 1
    assert macs[0] == open_vault(empty, home, clock, Tokens()).mac("same")


def test_a_start_killed_before_the_database_knew_its_keys_is_begun_anew(start, empty, home):
    empty.migrate()
    write_unfinished(home, fresh("f" * 32, Tokens()))
    vault = start()
    assert vault.installation == known(empty) != "f" * 32
    assert start().mac("same") == vault.mac("same")
    assert not (home / "keys.json.new").exists()


def test_a_start_killed_after_the_database_knew_its_keys_is_finished(start, empty, home, clock):
    empty.migrate()
    keys = fresh("f" * 32, Tokens())
    write_unfinished(home, keys)
    with empty.unit():
        claim_installation("f" * 32, clock())
    assert start().installation == "f" * 32
    assert json.loads((home / KEY_FILE).read_text())["mac"][0]["id"] == keys.mac[0].id.hex()
    assert not (home / "keys.json.new").exists()


def test_a_first_start_killed_at_any_moment_is_recovered_from(empty_database_url, home, clock):
    for turn in range(soak_count(6, 300)):
        place = prepare(home / f"{turn}")
        url = empty_database_url.replace(str(home), str(place))  # a new file each time; one PostgreSQL for all
        storage = Storage(url)
        if url == empty_database_url:
            storage.migrate()
            with storage.unit():
                forget_installation()
        storage.close()
        child = multiprocessing.get_context("fork").Process(
            target=open_vault, args=(Storage(url), place, clock, Tokens())
        )
        child.start()
        time.sleep(0.002 * (turn % 30))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        vault = open_vault(storage, place, clock, Tokens())
        assert vault.installation == known(storage)
        assert open_vault(storage, place, clock, Tokens()).mac("same") == vault.mac("same")
        storage.close()


def forget_installation():
    from core.storage.tables import InstallationRow

    InstallationRow.delete().execute()


def test_a_database_without_its_keys_is_refused_and_no_new_keys_are_made(start, home):
    start()
    (home / KEY_FILE).unlink()
    with pytest.raises(KeysMissing, match="backup"):
        start()
    assert not (home / KEY_FILE).exists()


def test_a_second_host_without_the_keys_is_refused(start, empty, clock, tmp_path):
    start()
    with pytest.raises(KeysMissing, match="the host that this database was first used on"):
        open_vault(empty, tmp_path / "second", clock, Tokens())


def test_hosts_that_start_at_once_get_one_winner_and_no_stray_keys(empty, clock, tmp_path):
    def start_on_a_host_of_its_own():
        try:
            return open_vault(empty, tmp_path / str(os.getpid()), clock, Tokens()).installation
        except KeysMissing:
            return None

    empty.migrate()
    started = race_processes(start_on_a_host_of_its_own, processes=4)
    assert [one for one in started if one] == [known(empty)]
    assert len(list(tmp_path.glob("*/keys.json*"))) == 1


def test_the_keys_of_another_database_are_refused_and_left_alone(start, empty, home, clock, tmp_path):
    start()
    before = (home / KEY_FILE).read_bytes()
    other = Storage(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(KeysForeign, match="another database"):
        open_vault(other, home, clock, Tokens())
    assert known(other) is None
    with other.unit():
        claim_installation("e" * 32, clock())
    with pytest.raises(KeysForeign, match="e" * 32):
        open_vault(other, home, clock, Tokens())
    assert (home / KEY_FILE).read_bytes() == before
    other.close()
