"""The address of whoever is signed in: replaced, and confirmed with a mail code."""

from datetime import datetime
from typing import assert_never

from core.accounts import FORMER_ADDRESS_KEPT, Account, AddressTaken, address_problem
from core.audit import Event
from core.mail_codes import Issued, NoneOpen, Purpose, Right, Standing, StopKind, WrongCode, clean
from core.notices import letters
from core.secret import Secret
from core.use_cases.outcomes import Done, Invalid, NotNow, Over, Proof, ProofRefused, Throttled, TokenWrong
from core.use_cases.parts import Parts
from core.use_cases.proving import Proved, Proving
from core.use_cases.sign_up import send_address_code, tell_new_address
from core.use_cases.standing import IN_PROBATION, change, who, who_past_probation
from core.use_cases.telling import STOP_CODE_LIFE, tell


def replace(parts: Parts, proving: Proving, ticket: Secret, proof: Proof, address: str) -> Done | ProofRefused:
    """Replace the address; a confirmed one is told, with a stop code, and gets every notice for 30 d more."""
    address = address.strip()
    problem = address_problem(address)
    if problem is not None:
        return Invalid("address", problem)
    with parts.storage.unit():  # before a token is spent on what is refused anyway
        found = who(parts, ticket)
        refused = found if isinstance(found, Over) else _refused(found[1], address, parts.clock())
    if refused is not None:
        return refused
    return proving.prove(ticket, proof, lambda proved: _replace(parts, proved, address))


def _replace(parts: Parts, proved: Proved, address: str) -> Done | Invalid | NotNow:
    account, now = proved.account, parts.clock()
    refused = _refused(account, address, now)
    if refused is not None:
        return refused
    confirmed = account.address_confirmed_at is not None
    changed = change(
        parts,
        account,
        address=address,
        address_confirmed_at=None,
        former_address=account.address if confirmed else account.former_address,
        former_until=now + FORMER_ADDRESS_KEPT if confirmed else account.former_until,
    )
    parts.audit.record(Event.ADDRESS_CHANGED, account=account.id, actor=account.id, source=proved.origin.source)
    if confirmed:
        stop = parts.stop_codes.issue(StopKind.ADDRESS, account.id, until=now + STOP_CODE_LIFE)
        tell(parts, changed, letters.address_changed(parts.settings.site, account.name, stop))
    send_address_code(parts, changed, address)
    return Done()


def _refused(account: Account, address: str, now: datetime) -> Invalid | NotNow | None:
    """Why the address cannot change at present, None when it can."""
    if account.probation is not None:
        return IN_PROBATION
    if account.address_frozen_until is not None and account.address_frozen_until > now:
        until = f"{account.address_frozen_until:%d %b %Y}"
        return NotNow(f"Two-factor authentication was set up anew. The address can change from {until} on.")
    if address.lower() == account.address.lower():
        return Invalid("address", "That is the address you have now.")
    if account.address_confirmed_at is not None and account.former_until is not None and account.former_until > now:
        # two changes in a row would take the first address out of every notice
        until = f"{account.former_until:%d %b %Y}"
        return NotNow(f"The address was changed a short while ago. It can change again from {until} on.")
    return None


def send_code(parts: Parts, ticket: Secret) -> Done | Throttled | Over | NotNow:
    """Send a mail code that confirms the present address; at most one a minute and five a day."""
    with parts.storage.unit():
        found = who_past_probation(parts, ticket)
        if not isinstance(found, tuple):
            return found
        _, account = found
        if account.address_confirmed_at is not None:
            return NotNow("Your address is confirmed already.")
        issued = send_address_code(parts, account, account.address)
        return Done() if isinstance(issued, Issued) else Throttled(issued.until - parts.clock())


def standing(parts: Parts, ticket: Secret) -> Standing | Over:
    """How it stands with the mail code that confirms the present address; none is sent."""
    with parts.storage.unit():
        found = who(parts, ticket)
        if isinstance(found, Over):
            return found
        _, account = found
        return parts.mail_codes.standing(Purpose.ADDRESS, account=account.id, address=account.address)


def confirm(parts: Parts, ticket: Secret, code: str) -> Done | Invalid | TokenWrong | Over | NotNow:
    """Confirm the present address with the mail code sent to it."""
    digits = clean(code)
    if digits is None:
        return Invalid("code", "A mail code is eight digits.")
    with parts.storage.unit():
        found = who_past_probation(parts, ticket)
        if not isinstance(found, tuple):
            return found
        _, account = found
        match parts.mail_codes.try_code(Purpose.ADDRESS, account.id, "", digits):
            case WrongCode(left=left):
                return TokenWrong(left)
            case NoneOpen():
                return NotNow("No code is open for this address. Send a new one.")
            case Right(address=address):
                if address != account.address:
                    return NotNow("That code was for another address. Send a new one.")
            case other:
                assert_never(other)
        confirmed = parts.accounts.confirm_address(account)
        if isinstance(confirmed, AddressTaken):
            return NotNow("This address cannot be confirmed here. Use another one.")
        parts.audit.record(Event.ADDRESS_CONFIRMED, account=account.id, actor=account.id)
        tell_new_address(parts, confirmed)
        return Done()
