"""Signing up: a name, an address and a password make an account; the address is confirmed now or later."""

from core.accounts import HOST, Account, Invitation, NameTaken, Strength, address_problem, name_problem, passwords
from core.audit import Event
from core.errors import HasherBusy
from core.mail_codes import Issued, Purpose, TooSoon
from core.notices import case_letters, letters
from core.origin import Origin
from core.secret import Secret
from core.sessions import SessionKind
from core.throttle import Factor
from core.use_cases.outcomes import Busy, Invalid, NotNow, Throttled
from core.use_cases.parts import Parts
from core.use_cases.sign_in import SignedIn
from core.use_cases.telling import tell_staff
from core.use_cases.tries import admit_stranger

NAME_TAKEN = Invalid("name", "That name is taken or was taken before. Choose another.")
CLOSED = NotNow("Sign-up is closed here. Ask the people who run this site for an account.")
INVITED_ELSEWHERE = Invalid("address", "That invitation is for another address. Use the one it was made for.")
INVITATION_WRONG = Invalid("invitation", "That invitation is not open: it was used, has expired, or was mistyped.")


class SignUp:
    """Makes accounts, by the site's registration rule."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def closed(self) -> bool:
        """Nobody can sign up on their own."""
        return self._parts.settings.registration == "closed"

    @property
    def invitation_needed(self) -> bool:
        """Signing up takes an invitation."""
        return self._parts.settings.registration == "invite"

    def check_name(self, name: str) -> Invalid | None:
        """Why `name` cannot be an account's name, None when it can."""
        problem = name_problem(name.strip().lower())
        return Invalid("name", problem) if problem else None

    def check_address(self, address: str) -> Invalid | None:
        """Why `address` cannot be an e-mail address, None when it can; whether it is in use is never said."""
        problem = address_problem(address.strip())
        return Invalid("address", problem) if problem else None

    def check_password(self, password: Secret, name: str, address: str) -> Invalid | None:
        """Why `password` is refused, None when it is not (NIST SP 800-63B-4, 3.1.1.2)."""
        settings = self._parts.settings
        problem = passwords.problem(
            password, name=name, address=address, site=settings.site, least=settings.password_min
        )
        return Invalid("password", problem) if problem else None

    def strength(self, password: Secret, name: str, address: str) -> Strength:
        """How well `password` resists guessing; takes milliseconds, so call it off the event loop."""
        return passwords.strength(password, (name, address, self._parts.settings.site))

    def passphrase(self) -> Secret:
        """A passphrase to suggest: words drawn from the EFF's long list."""
        return passwords.passphrase(self._parts.tokens)

    def register(
        self, name: str, address: str, password: Secret, origin: Origin, invitation: Secret | None = None
    ) -> SignedIn | Invalid | Throttled | Busy | NotNow:
        """Make the account and sign in to it; a mail code for the address is on its way."""
        parts = self._parts
        name, address = name.strip().lower(), address.strip()
        if self.closed and not invitation:
            return CLOSED
        problem = self.check_name(name) or self.check_address(address) or self.check_password(password, name, address)
        if problem is not None:
            return problem
        invitation = invitation or None
        if self.invitation_needed and invitation is None:
            return Invalid("invitation", "Signing up here takes an invitation. Type the code from yours.")
        with parts.storage.unit():
            admitted = admit_stranger(parts, f"sign up {origin.source}", Factor.PASSWORD, origin)
            if isinstance(admitted, Throttled):
                return admitted
            if parts.accounts.by_name(name) is not None:
                return NAME_TAKEN
        account_id = parts.accounts.new_id()
        try:
            hashed = parts.hasher.hash(password, account_id, "password")
        except HasherBusy as busy:
            with parts.storage.unit():
                parts.throttle.take_back(admitted)
            return Busy(busy.wait)
        with parts.storage.unit():
            account = self._make(account_id, name, address, hashed, origin, invitation)
            if isinstance(account, Invalid):
                return account
            parts.throttle.settle(admitted, success=True)
            send_address_code(parts, account, address)
            opened = parts.sessions.open(account.id, SessionKind.FULL, origin, evidence=frozenset({"password"}))
            parts.sessions.remember(account.id, origin.source)
            return SignedIn(opened.token, opened.session, account)

    def _make(
        self, account_id: str, name: str, address: str, hashed: bytes, origin: Origin, invitation: Secret | None
    ) -> Account | Invalid:
        """The account itself, inside the caller's unit, with the role that the invitation was for."""
        parts = self._parts
        accepted = parts.invitations.accept(invitation) if invitation is not None else None
        if accepted is None and (self.invitation_needed or invitation is not None):
            return INVITATION_WRONG
        if accepted is not None and invitation is not None and not accepted.is_for(address):
            parts.invitations.reopen(invitation)
            return INVITED_ELSEWHERE
        roles = {accepted.role} if accepted is not None and accepted.role is not None else set()
        by = accepted.by if accepted is not None else HOST
        account = parts.accounts.register(account_id, name, address, hashed, roles=roles, by=by)
        if isinstance(account, NameTaken):
            if invitation is not None:
                parts.invitations.reopen(invitation)
            return NAME_TAKEN
        parts.audit.record(Event.ACCOUNT_CREATED, account=account.id, actor=account.id, source=origin.source)
        if accepted is not None:
            self._tell_invited(account, accepted, origin)
        return account

    def _tell_invited(self, account: Account, invitation: Invitation, origin: Origin) -> None:
        """Somebody came by invitation; when it made them staff, all staff are told."""
        parts = self._parts
        parts.audit.record(Event.INVITATION_USED, account=account.id, actor=account.id, source=origin.source)
        if invitation.role is not None:
            role = invitation.role.value
            parts.audit.record(Event.ROLE_GIVEN, account=account.id, actor=invitation.by, role=role)
            fact = f"{account.name} signed up by invitation, with the role {role}."
            tell_staff(parts, case_letters.for_staff(parts.settings.site, fact))


def send_address_code(parts: Parts, account: Account, address: str) -> Issued | TooSoon:
    """Send what confirms `address`, inside the caller's unit.

    When the address belongs to somebody else, its owner is told instead of sent a code, and the screen looks the same.
    """
    issued = parts.mail_codes.issue(Purpose.ADDRESS, account=account.id, address=address)
    if isinstance(issued, TooSoon):
        return issued
    owner = parts.accounts.by_confirmed_address(address)
    if isinstance(owner, Account) and owner.id != account.id:
        letter = letters.address_in_use(parts.settings.site, owner.name)
        parts.notices.post(letter, to=address, account=owner.id)
    else:
        letter = letters.address_code(parts.settings.site, account.name, issued.code)
        parts.notices.post(letter, to=address, account=account.id)
    return issued


def tell_new_address(parts: Parts, account: Account) -> None:
    """Tell the address that was just confirmed that it takes the place of another, if it does."""
    if account.former_until is not None and account.former_until > parts.clock():
        letter = letters.address_new(parts.settings.site, account.name)
        parts.notices.post(letter, to=account.address, account=account.id)
