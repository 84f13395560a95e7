"""What is printed when a demo runs: where, who, with what."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.accounts import Role
from core.admin.demo.cast import MEMBER, OWNERS, PASSWORD
from core.admin.demo.home import Demo
from core.crockford import grouped
from core.notices import MAIL_FOLDER

_ROLES = {
    Role.AGENT: "claims, verifies, approves",
    Role.LEAD: "the same, freezes, and approves what is contested",
    Role.ADMIN: "invites staff, gives roles",
    Role.AUDITOR: "reads cases and the audit trail",
}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two servers listen."""

    accounts: int
    console: int


def ways_in(demo: Demo, ports: Ports) -> str:
    """Everything that a person needs who sees this for the first time."""
    return "\n".join(_lines(demo, ports))


def _lines(demo: Demo, ports: Ports) -> Iterator[str]:
    token = f"{_command()} --home {demo.home} demo token"
    staff = [actor for actor in demo.actors.values() if actor.role is not Role.MEMBER]
    yield ""
    yield f"  The account app       ssh -p {ports.accounts} localhost"
    yield f"  The support console   ssh -p {ports.console} localhost"
    yield ""
    yield f"  Every password        {PASSWORD}"
    yield f"  A token for NAME      {token} NAME"
    yield "                        or: oathtool -b --totp KEY"
    yield f"  Mail to anybody       {demo.home / MAIL_FOLDER / 'new'}"
    yield ""
    yield "  Staff, at the console; their keys are for oathtool"
    for actor in staff:
        yield f"    {actor.name:<11}{actor.role.value:<9}{actor.key}  {_ROLES[actor.role]}"
    yield ""
    yield "  Members, at the account app; they lost their devices, and have a return code for their case"
    for name, what in OWNERS.items():
        actor = demo.actors[name]
        yield f"    {name:<11}{actor.case}  {grouped(actor.return_code, 4)}  {what}"
    yield f"    {MEMBER:<11}has a device, and no case"
    for actor in demo.actors.values():
        if actor.ssh_key:
            key = demo.key_file(actor.name)
            yield f"    {actor.name}'s SSH key: ssh -p {ports.accounts} -i {key} -o IdentitiesOnly=yes localhost"
    yield ""
    yield f"  Filled on {demo.filled_at:%d %b %Y %H:%M} UTC; remove {demo.home} to begin anew. ctrl+c ends both servers."


def _command() -> str:
    """The operator's command, as it can be typed here."""
    beside = Path(sys.executable).with_name("lockwright-admin")
    if not beside.exists():
        return "lockwright-admin"
    here = os.path.relpath(beside)
    return str(beside) if here.startswith("..") else here
