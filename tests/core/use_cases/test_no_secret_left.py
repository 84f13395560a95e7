"""A whole life of an account, and then a search for every secret of it wherever something was written."""

import json
import logging
import re
from dataclasses import dataclass, field

import psycopg
import pytest
from psycopg import sql

from core.origin import LOCAL, Origin
from core.secret import Secret
from core.use_cases.outcomes import Done, Proof, TokenWrong, Wrong
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.stop import Stopped
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests import rfc6238
from tests.world import PASSWORD, Person, World

NEW = "eleven green bottles by the wall"
WRONG = "seven wrong turns on the moor"
AS_A_NAME = "typed-where-the-name-belongs"
ADDRESS = "ada@example.org"
THERE = Origin("203.0.113.7")


@dataclass
class Life:
    """What was secret in it."""

    never: dict[str, str | bytes] = field(default_factory=dict)
    """Secrets that nothing may hold, by what they are."""
    by_mail: dict[str, str] = field(default_factory=dict)
    """Codes that one mail each exists to deliver, and nothing else may hold."""
    seen_before: list[bytes] = field(default_factory=list)
    """The database as it was while mail waited in it."""

    def ticket(self, signed_in: SignedIn | Enabled) -> Secret:
        self.never[f"ticket {len(self.never)}"] = signed_in.ticket.reveal()
        return signed_in.ticket

    def token(self, world: World) -> str:
        world.clock.advance(seconds=30)
        token = world.token_for("ada")
        self.never[f"token {len(self.never)}"] = token
        return token


def database(world: World) -> bytes:
    """Everything that the database holds: the file with its log, or every row of every table as text and as bytes."""
    if world.settings.database.startswith("sqlite"):
        return b"".join(file.read_bytes() for file in sorted(world.settings.home.glob("lockwright.sqlite*")))
    held = []
    with psycopg.connect(world.settings.database) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))):
                held += [bytes(value) if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(held)


def holds(where: bytes, secret: str | bytes) -> bool:
    """Whether `secret` is in it, however it is grouped or encoded; digits count only when they stand alone."""
    if isinstance(secret, bytes):
        return secret in where or secret.hex().encode() in where.lower()
    if secret.isdigit():
        half = len(secret) // 2
        spaced = secret[:half].encode() + b"[ -]?" + secret[half:].encode()
        return re.search(b"(?<![0-9A-Za-z])" + spaced + b"(?![0-9A-Za-z])", where) is not None
    plain = secret.encode()
    groups = {len_: re.findall(f".{{1,{len_}}}", secret) for len_ in (4, 5)}
    forms = {plain, plain.lower(), plain.hex().encode(), json.dumps(secret).encode()}
    forms |= {between.join(parts).encode() for parts in groups.values() for between in (" ", "-")}
    return any(form in where for form in forms)


def enable(world: World, life: Life, ticket: Secret, way: str = "") -> Secret:
    """The four steps, with the secrets that they show."""
    setup = world.services.two_factor
    begun = setup.begin(ticket, Proof(Secret(PASSWORD), way=Secret(way) if way else None))
    assert isinstance(begun, EnrolmentBegun), begun
    key = world.people["ada"].key = begun.secret.reveal()
    number = len(life.never)
    life.never[f"key {number}"] = key
    life.never[f"key as bytes {number}"] = rfc6238.secret_of(key)
    assert setup.verify(ticket, begun.id, life.token(world)) == Done()
    code = setup.backup_code(ticket, begun.id)
    assert isinstance(code, Secret)
    world.people["ada"].backup_code = life.never[f"backup code {number}"] = code.reveal()
    index = setup.ask_group(ticket, begun.id)
    assert isinstance(index, int)
    assert setup.check_group(ticket, begun.id, code.reveal()[5 * index : 5 * index + 5]) == Done()
    enabled = setup.finish(ticket, begun.id)
    assert isinstance(enabled, Enabled)
    return life.ticket(enabled)


def half(world: World, life: Life, password: str) -> Secret:
    step = world.services.sign_in.with_password("ada", Secret(password), THERE)
    assert isinstance(step, TokenNeeded), step
    life.never[f"half-open {len(life.never)}"] = step.half.reveal()
    return step.half


def live(world: World) -> Life:
    """Sign-up, sign-in, Enable, a lost device, a forgotten password, Stop, and what people type wrong on the way."""
    life = Life({"password": PASSWORD, "new password": NEW, "wrong password": WRONG, "password as a name": AS_A_NAME})
    services = world.services
    world.people["ada"] = Person("ada", ADDRESS, PASSWORD)
    signed_up = services.sign_up.register("ada", ADDRESS, Secret(PASSWORD), LOCAL)
    assert isinstance(signed_up, SignedIn)
    ticket = life.ticket(signed_up)
    life.seen_before.append(database(world))
    life.by_mail["code for the address"] = world.mail_code(ADDRESS)
    assert services.account_settings.confirm_address(ticket, life.by_mail["code for the address"]) == Done()
    services.sign_in.sign_out(ticket)

    assert services.sign_in.with_password("ada", Secret(WRONG), THERE) == Wrong()
    assert services.sign_in.with_password(AS_A_NAME, Secret(WRONG), THERE) == Wrong()
    signed_in = services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
    assert isinstance(signed_in, SignedIn)
    ticket = enable(world, life, life.ticket(signed_in))
    life.seen_before.append(database(world))
    life.by_mail["stop code of Enable"] = world.stop_code_of(ADDRESS, "two-factor authentication is on").replace(
        "-", ""
    )

    begun = half(world, life, PASSWORD)
    wrong = f"{(int(life.token(world)) + 1) % 10**6:06}"
    life.never["wrong token"] = wrong
    assert isinstance(services.sign_in.with_token(begun, wrong, THERE), TokenWrong)
    signed_in = services.sign_in.with_token(begun, life.token(world), THERE)
    assert isinstance(signed_in, SignedIn)
    life.ticket(signed_in)

    spent = world.people["ada"].backup_code
    signed_in = services.sign_in.with_backup_code(half(world, life, PASSWORD), Secret(spent), THERE)
    assert isinstance(signed_in, SignedIn)
    ticket = enable(world, life, life.ticket(signed_in))

    world.clock.advance(minutes=2)
    assert services.forgotten.ask(AS_A_NAME, ADDRESS, THERE) == Done()
    assert services.forgotten.ask("ada", ADDRESS, THERE) == Done()
    life.seen_before.append(database(world))
    life.by_mail["code for the password"] = world.mail_code(ADDRESS)
    assert services.forgotten.reset("ada", life.by_mail["code for the password"], Secret(NEW), THERE) == Done()
    stop = world.stop_code_of(ADDRESS, "your password was changed")
    life.by_mail["stop code of the password"] = stop.replace("-", "")
    assert isinstance(services.stop.stop(stop, THERE), Stopped)
    world.mail()
    return life


def test_no_secret_is_left_in_mail_audit_database_or_log(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        life = live(world)
    with world.services.parts.storage.unit():
        audit = json.dumps(list(world.services.parts.audit.export())).encode()
    home = world.settings.home
    files = [file for file in home.rglob("*") if file.is_file() and "mail" not in file.relative_to(home).parts]
    out, err = capfd.readouterr()
    said = {
        "the audit trail": audit,
        "the database": database(world),
        "the log": "\n".join([*(record.getMessage() for record in caplog.records), caplog.text]).encode(),
        "the output": (out + err).encode(),
        "the files of the home folder": b"\n".join(file.read_bytes() for file in files),
    } | {f"the database while mail waited, {number}": held for number, held in enumerate(life.seen_before)}
    caplog.clear()
    for what, secret in (life.never | life.by_mail).items():
        assert [where for where, text in said.items() if holds(text, secret)] == [], what
    assert holds(said["the database"], "203.0.113.7")  # the search finds what is there
    assert holds(audit, "203.0.113.7")

    mails = {str(number): mail.as_bytes() + mail.get_content().encode() for number, mail in enumerate(world.mail())}
    assert len(mails) >= 6
    for what, secret in life.never.items():
        assert [number for number, mail in mails.items() if holds(mail, secret)] == [], what
    for what, code in life.by_mail.items():
        assert len([number for number, mail in mails.items() if holds(mail, code)]) == 1, what
