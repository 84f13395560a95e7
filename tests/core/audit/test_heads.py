import json
import stat

import pytest

from core.audit import Event, HeadsFile
from tests.core.audit.conftest import ADA
from tests.racing import race_processes


@pytest.fixture
def kept(home):
    return HeadsFile(home)


def test_there_are_no_heads_before_the_first(kept):
    assert kept.read() == []


def test_heads_are_kept_as_they_were_and_only_once(kept, sealed_trail):
    heads = sealed_trail.heads()
    assert [kept.keep(head) for head in heads] == [True] * 5
    assert kept.keep(heads[-1]) is False
    assert kept.keep(heads[1]) is False
    assert kept.read() == heads
    assert sealed_trail.verify(kept.read()).whole


def test_the_file_is_private_and_only_ever_grows(kept, sealed_trail):
    first, second, *_ = sealed_trail.heads()
    kept.keep(first)
    before = kept.path.read_bytes()
    kept.keep(second)
    assert kept.path.read_bytes().startswith(before)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600


def test_a_link_is_not_followed(kept, sealed_trail, tmp_path):
    kept.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        kept.keep(sealed_trail.head())
    assert not (tmp_path / "elsewhere").exists()


def test_a_line_that_a_power_cut_left_unfinished_spoils_no_other(kept, sealed_trail):
    first, second, *_ = sealed_trail.heads()
    kept.keep(first)
    with kept.path.open("ab") as file:
        file.write(b'{"number": 2, "cou')
    assert kept.keep(second)
    assert [head.number for head in kept.read()] == [1, 0, 2]
    assert sealed_trail.verify(kept.read()).problems == ("A head that was kept, of seal 0, was changed.",)


def test_a_head_that_was_changed_in_the_file_is_found(kept, sealed_trail):
    kept.keep(sealed_trail.head())
    said = json.loads(kept.path.read_text())
    for name, value in (("number", 4), ("total", 39), ("at", "2026-01-05T09:00:41+00:00"), ("digest", "00" * 32)):
        kept.path.write_text(json.dumps(said | {name: value}) + "\n")
        assert "A head that was kept" in sealed_trail.verify(kept.read()).problems[0]


@pytest.mark.parametrize("line", [b"\xff\xfe", b"[]", b"{}", b"null", b"5", b'{"number": "x"}', b"x" * 10_000])
def test_whatever_stands_in_the_file_is_read_without_a_crash(kept, sealed_trail, line):
    kept.path.write_bytes(line + b"\n")
    assert not sealed_trail.verify(kept.read()).whole
    assert kept.keep(sealed_trail.head())


def test_a_long_file_is_not_read_to_append_to_it(kept, sealed_trail):
    first, *_, last = sealed_trail.heads()
    kept.keep(first)
    line = kept.path.read_bytes()
    kept.path.write_bytes(line * 20_000)
    kept.keep(last)
    assert kept.path.read_bytes().count(b"\n") == 20_001
    assert kept.read()[-1] == last


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_processes_that_keep_the_same_head_at_once_keep_it_once(kept, audit):
    audit.record(Event.SIGNED_IN, account=ADA)
    audit.seal()
    head = audit.head()
    assert sorted(race_processes(lambda: kept.keep(head), processes=4)) == [False, False, False, True]
    assert kept.read() == [head]
