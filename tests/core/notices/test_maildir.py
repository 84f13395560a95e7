import mailbox
import stat

import pytest

from core.errors import TransportFailed, TransportGone
from core.notices import MAIL_FOLDER, Maildir, transport_for
from core.settings import Settings
from tests.core.notices.conftest import outgoing
from tests.racing import race


@pytest.fixture
def maildir(tmp_path):
    return Maildir(tmp_path / "mail", site="Acme")


def test_a_letter_stands_in_new_for_any_mail_program(maildir):
    maildir.hand_over(outgoing())
    box = mailbox.Maildir(maildir.folder, create=False)
    ((_, mail),) = box.items()
    assert mail["To"] == "ada@example.org"
    assert mail["From"] == "Acme <lockwright@localhost>"
    assert mail.get_payload() == outgoing().body
    assert b"\r" not in next((maildir.folder / "new").iterdir()).read_bytes()


def test_nobody_else_can_read_it(maildir):
    maildir.hand_over(outgoing())
    (letter,) = (maildir.folder / "new").iterdir()
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    for folder in (maildir.folder, *maildir.folder.iterdir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_a_folder_that_was_open_to_others_is_closed(maildir):
    maildir.folder.mkdir(mode=0o755)
    maildir.folder.chmod(0o755)
    maildir.hand_over(outgoing())
    assert stat.S_IMODE(maildir.folder.stat().st_mode) == 0o700


def test_nothing_is_left_in_tmp(maildir):
    maildir.hand_over(outgoing())
    assert list((maildir.folder / "tmp").iterdir()) == []


@pytest.mark.parametrize("read", [False, True])
def test_a_letter_that_is_handed_over_again_is_there_once(maildir, read):
    maildir.hand_over(outgoing())
    (letter,) = (maildir.folder / "new").iterdir()
    if read:
        letter.rename(maildir.folder / "cur" / f"{letter.name}:2,S")
    maildir.hand_over(outgoing(tries=2))
    assert len(mailbox.Maildir(maildir.folder, create=False)) == 1


def test_an_unfinished_letter_of_a_worker_that_died_is_written_anew(maildir):
    maildir.hand_over(outgoing(id="f" * 32))
    unfinished = maildir.folder / "tmp" / f"{int(outgoing().created_at.timestamp())}.{outgoing().id}.lockwright"
    unfinished.write_text("half a le")
    maildir.hand_over(outgoing())
    assert len(mailbox.Maildir(maildir.folder, create=False)) == 2
    assert list((maildir.folder / "tmp").iterdir()) == []


def test_many_at_once_make_the_folder_and_lose_nothing(maildir):
    works = [lambda number=number: maildir.hand_over(outgoing(id=f"{number:032x}")) for number in range(16)]
    race(*works, threads=16)
    assert len(mailbox.Maildir(maildir.folder, create=False)) == 16


def test_a_link_in_the_place_of_the_folder_is_refused(maildir, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    maildir.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TransportGone, match="link"):
        maildir.hand_over(outgoing())
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_a_failure_that_may_pass(maildir):
    maildir.folder.write_text("")
    with pytest.raises(TransportFailed, match=r"cannot be written|no folder") as failure:
        maildir.hand_over(outgoing())
    assert not failure.value.permanent


def test_what_can_be_no_mail_is_refused_here_as_well(maildir):
    with pytest.raises(TransportFailed) as failure:
        maildir.hand_over(outgoing(to="ada"))
    assert failure.value.permanent


def test_it_delivers_only_in_a_demonstration(home):
    for demo in (False, True):
        transport = transport_for(Settings(home=home, demo=demo))
        assert isinstance(transport, Maildir)
        assert transport.delivers is demo
        assert transport.folder == home / MAIL_FOLDER
