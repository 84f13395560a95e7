import os
import stat

import pytest

from core.errors import HomeError
from core.home import prepare, private_file

STRANGER = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_for_its_owner_only_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        home = prepare(tmp_path / "some" / "where")
    finally:
        os.umask(before)
    assert home == tmp_path / "some" / "where"
    assert mode(home) == 0o700


def test_an_empty_folder_or_a_former_home_that_was_open_is_closed_to_others(tmp_path):
    empty, former = tmp_path / "empty", tmp_path / "former"
    empty.mkdir(mode=0o755)
    former.mkdir(mode=0o755)
    (former / "keys.json").touch()
    (former / "something").touch()
    assert mode(prepare(empty)) == mode(prepare(former)) == 0o700


def test_an_open_folder_that_holds_other_things_is_refused_and_left_alone(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "thesis.tex").touch()
    with pytest.raises(HomeError, match="choose an empty folder"):
        prepare(folder)
    assert mode(folder) == 0o755


def test_a_link_is_refused(tmp_path):
    (tmp_path / "place").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "place")
    with pytest.raises(HomeError, match="link"):
        prepare(tmp_path / "link")


def test_a_link_to_nowhere_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(HomeError):
        prepare(tmp_path / "link")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(HomeError, match="file"):
            prepare(place)


@as_root
def test_somebody_elses_folder_is_refused(tmp_path):
    (tmp_path / "theirs").mkdir(mode=0o700)
    os.chown(tmp_path / "theirs", STRANGER, STRANGER)
    with pytest.raises(HomeError, match=f"belongs to user {STRANGER}"):
        prepare(tmp_path / "theirs")


@as_root
def test_somebody_elses_file_is_refused(home):
    (home / "keys.json").touch(mode=0o600)
    os.chown(home / "keys.json", STRANGER, STRANGER)
    with pytest.raises(HomeError, match=f"belongs to user {STRANGER}"):
        private_file(home / "keys.json")


def test_a_private_file_is_a_plain_file_that_only_its_owner_reads(home):
    file = home / "keys.json"
    with pytest.raises(HomeError, match="cannot be read"):
        private_file(file)
    file.touch(mode=0o600)
    private_file(file)
    file.chmod(0o604)
    with pytest.raises(HomeError, match="chmod 600"):
        private_file(file)
    with pytest.raises(HomeError, match="plain"):
        private_file(home)
    os.mkfifo(home / "pipe", 0o600)
    with pytest.raises(HomeError, match="plain"):
        private_file(home / "pipe")
