"""That support wrote is told by mail: what a claimant who went away comes back for."""

import pytest

from core.cases import State
from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.outcomes import Done, Proof
from core.use_cases.stop import Stopped
from tests.office import Office
from tests.world import World

HERS = "ada@example.org"
SECRET = "Bring the bill of March to the desk."


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def told(world: World) -> list[str]:
    """What ada's letters about messages have as their subject, oldest first."""
    return [
        str(mail["Subject"])
        for mail in world.mail()
        if mail["To"] == HERS and any(word in str(mail["Subject"]) for word in ("support wrote", "support asks"))
    ]


def test_a_letter_says_that_support_wrote_and_not_what(ada: Office, world: World) -> None:
    opened = ada.open()
    assert world.services.desk.message(ada.sit_down("mia"), opened.reference, SECRET) == Done()
    assert told(world) == [f"Acme: support wrote in {opened.reference}"]
    letter = " ".join(world.letter(HERS).split())
    assert f"Support wrote in the recovery case {opened.reference}" in letter
    assert "come back with your password and return code" in letter
    assert "bill" not in letter
    assert ada.back(opened).view.timeline[-2].text == SECRET


def test_the_code_in_it_stops_the_case(ada: Office, world: World) -> None:
    opened = ada.open()
    assert world.services.desk.ask(ada.sit_down("mia"), opened.reference, SECRET) == Done()
    assert told(world) == [f"Acme: support asks you something in {opened.reference}"]
    assert isinstance(world.services.stop.stop(world.stop_code(HERS), LOCAL), Stopped)
    assert ada.state(opened) is State.FROZEN


def test_ten_messages_in_a_row_are_one_letter_until_the_claimant_was_back(ada: Office, world: World) -> None:
    opened, desk = ada.open(), world.services.desk

    def write(times: int) -> None:
        mia = ada.sit_down("mia")
        for _ in range(times):
            world.clock.advance(seconds=20)
            assert desk.message(mia, opened.reference, SECRET) == Done()

    write(10)
    assert len(told(world)) == 1
    ada.after(hours=5)
    write(3)
    assert len(told(world)) == 1
    back = ada.back(opened)
    write(3)
    assert len(told(world)) == 2
    assert world.services.recovery.write(back.ticket, "I have it here.") == Done()
    write(3)
    assert len(told(world)) == 3


def test_whoever_read_it_and_left_without_a_word_is_told_of_the_next_one(ada: Office, world: World) -> None:
    opened, desk = ada.open(), world.services.desk
    assert desk.message(ada.sit_down("mia"), opened.reference, SECRET) == Done()
    assert len(told(world)) == 1
    world.clock.advance(seconds=20)
    world.services.sign_in.sign_out(opened.ticket)
    world.clock.advance(seconds=20)
    assert desk.message(ada.sit_down("mia"), opened.reference, SECRET) == Done()
    assert len(told(world)) == 2


def test_whoever_is_there_and_pressed_a_key_since_is_told_of_the_next_one(ada: Office, world: World) -> None:
    opened, desk = ada.open(), world.services.desk
    assert desk.message(ada.sit_down("mia"), opened.reference, SECRET) == Done()
    world.clock.advance(minutes=2)
    assert world.services.sign_in.touch(opened.ticket) is not None
    world.clock.advance(minutes=2)
    assert desk.message(ada.sit_down("mia"), opened.reference, SECRET) == Done()
    assert len(told(world)) == 2


def test_it_goes_to_every_confirmed_address(office: Office, world: World) -> None:
    office.owner("ada")
    signed_in = world.sign_in("ada")
    world.clock.advance(seconds=30)
    proof = Proof(Secret(world.people["ada"].password), world.token_for("ada"))
    settings = world.services.account_settings
    assert settings.change_address(signed_in.ticket, proof, "new@example.org") == Done()
    assert settings.confirm_address(signed_in.ticket, world.mail_code("new@example.org")) == Done()
    opened = office.open()
    assert world.services.desk.message(office.sit_down("mia"), opened.reference, SECRET) == Done()
    to = {str(mail["To"]) for mail in world.mail() if "support wrote" in str(mail["Subject"])}
    assert to == {HERS, "new@example.org"}
