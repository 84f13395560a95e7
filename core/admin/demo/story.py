"""What happened in the demo before it starts, the earliest first."""

from datetime import datetime, timedelta

from core.accounts import Role
from core.admin.demo.cast import LETTER, MARKED, MEMBER, OWNERS, PILED, PLAIN, STAFF, TERSE
from core.admin.demo.stage import Actor, Stage, sure
from core.origin import LOCAL, Origin
from core.settings import Settings
from core.use_cases.desk_decisions import Approved, Verified
from core.use_cases.outcomes import Done
from core.use_cases.recovery_doors import CaseEnded
from core.use_cases.stop import Stopped

SINCE = timedelta(days=90)
"""How long ago it begins."""


def play(settings: Settings, now: datetime) -> dict[str, Actor]:
    """Fill the home folder of `settings` with a past that ends at `now`; who is in it, by name."""
    with Stage(settings, now, since=SINCE) as stage:
        _arrive(stage)
        _long_ago(stage)
        _this_week(stage)
        _since_yesterday(stage)
        _today(stage)
        stage.at()
        return stage.actors


def _from(number: int) -> Origin:
    """Somewhere in the world (RFC 5737)."""
    return Origin(f"203.0.113.{number}")


def _arrive(stage: Stage) -> None:
    for name, role in STAFF.items():
        stage.hire(name, role)
    for name in (*OWNERS, MEMBER):
        stage.hire(name, Role.MEMBER)
    stage.add_key("barbara", _from(23), "[@click=app.quit]laptop[/]")


def _verify(stage: Stage, agent: str, owner: str) -> None:
    desk, case = stage.services.desk, stage.actors[owner].case
    stage.at_desk(agent, lambda ticket: desk.verify(ticket, case), Verified)


def _approve(stage: Stage, agent: str, owner: str) -> None:
    desk, case = stage.services.desk, stage.actors[owner].case
    stage.at_desk(agent, lambda ticket: desk.approve(ticket, case, case), Approved)


def _long_ago(stage: Stage) -> None:
    """Cases that have ended."""
    services = stage.services
    stage.at(days=28)
    stage.open_case("tim", TERSE, _from(11))
    stage.at(days=20)
    stage.open_case("dennis", TERSE, _from(12))
    stage.at(days=19)
    case, why = stage.actors["dennis"].case, "No evidence came, and none was announced."
    stage.at_desk("jon", lambda ticket: services.desk.reject(ticket, case, case, why))
    stage.at(days=16)
    sure(services.recovery.withdraw(stage.open_case("katherine", PLAIN, _from(13))), Done)
    stage.at(days=10)
    stage.give_mail_code("margaret", stage.open_case("margaret", PLAIN, _from(14)))
    stage.at(days=9)
    _verify(stage, "mia", "margaret")
    _approve(stage, "jon", "margaret")
    stage.at(days=8)
    stage.open_case("radia", MARKED, _from(66))
    stage.at(days=7)
    sure(services.recovery.not_me(stage.door("radia"), LOCAL), CaseEnded)


def _this_week(stage: Stage) -> None:
    """Cases whose wait is over, or nearly."""
    stage.at(days=6)
    stage.open_case("linus", TERSE, _from(20))
    stage.at(hours=74)
    stage.give_mail_code("ada", stage.open_case("ada", PLAIN, _from(7)))
    stage.at(hours=72, minutes=-6)
    stage.give_mail_code("edsger", stage.open_case("edsger", PLAIN, _from(21)))
    stage.at(hours=60)
    stage.give_mail_code("grace", stage.open_case("grace", PLAIN, _from(22)))
    stage.at(hours=48)
    _verify(stage, "mia", "edsger")
    stage.at(hours=30)
    _approve(stage, "jon", "edsger")
    _verify(stage, "mia", "grace")


def _since_yesterday(stage: Stage) -> None:
    """Cases that wait for somebody."""
    services = stage.services
    stage.at(hours=29)
    with_key = stage.origin_of("barbara", _from(23))
    sure(services.recovery.give_key(stage.open_case("barbara", PLAIN, with_key), with_key), Done)
    stage.at(hours=20)
    stage.open_case("donald", PLAIN, _from(24))
    stage.at(hours=14)
    stage.open_case("hedy", TERSE, _from(67))
    stage.at(hours=13)
    sure(services.stop.stop(stage.stop_code("hedy"), LOCAL), Stopped)
    stage.at(hours=12)
    case, question = stage.actors["donald"].case, "Which address did you sign up with, and can you read its mail?"
    stage.at_desk("mia", lambda ticket: services.desk.ask(ticket, case, question))


def _today(stage: Stage) -> None:
    """Cases that are not what they seem, and a new one."""
    services = stage.services
    stage.at(hours=8)
    stage.open_case("radia", TERSE, _from(66))
    stage.at(hours=5)
    sure(services.recovery.write(stage.open_case("alan", MARKED, _from(68)), LETTER), Done)
    stage.at(hours=3)
    sure(services.recovery.write(stage.open_case("dorothy", PILED, _from(69)), LETTER), Done)
    stage.at(minutes=10)
    stage.open_case("joan", PLAIN, _from(25))
    stage.at(minutes=4)
    case = stage.actors["donald"].case
    stage.at_desk("mia", lambda ticket: services.desk.claim(ticket, case))
