"""The mail code that confirms the present address of whoever is signed in."""

from typing import assert_never

from core.accounts import AddressTaken
from core.audit import Event
from core.mail_codes import Issued, NoneOpen, Purpose, Right, Standing, WrongCode, clean
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.outcomes import Done, Invalid, NotNow, Over, Throttled, TokenWrong
from core.use_cases.parts import Parts
from core.use_cases.sign_up import send_address_code, tell_new_address
from core.use_cases.standing import IN_PROBATION, who


def send(parts: Parts, ticket: Secret) -> Done | Throttled | Over | NotNow:
    """Send a mail code that confirms the present address; at most one a minute and five a day."""
    with parts.storage.unit():
        found = who(parts, ticket)
        if isinstance(found, Over):
            return found
        here, account = found
        if here.kind is SessionKind.PROBATION:
            return IN_PROBATION
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
        found = who(parts, ticket)
        if isinstance(found, Over):
            return found
        here, account = found
        if here.kind is SessionKind.PROBATION:
            return IN_PROBATION
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
