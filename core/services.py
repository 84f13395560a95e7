"""The only wiring: settings, a clock and randomness in, the use cases out."""

from dataclasses import dataclass

from core.accounts import Accounts, Hasher, Invitations
from core.audit import AuditTrail
from core.backup_code import BackupCodes
from core.cases import CaseFile, CaseLeases, Cases, Queue, Watchers
from core.cases.policy import read as read_policy
from core.clock import Clock, system_clock
from core.installation import open_vault
from core.mail_codes import MailCodes, PasswordAsks, StopCodes
from core.notices import Notices, transport_for
from core.sessions import Sessions
from core.settings import Settings
from core.ssh_keys import SshKeys
from core.staff import StaffRoom
from core.storage import Storage
from core.throttle import Throttle
from core.tokens import Tokens
from core.two_factor import TwoFactor
from core.use_cases.account_desk import AccountDesk
from core.use_cases.account_settings import AccountSettings
from core.use_cases.audit_desk import AuditDesk
from core.use_cases.case_work import CaseWork
from core.use_cases.console import Console
from core.use_cases.desk import Desk
from core.use_cases.due import Due, Piece
from core.use_cases.forgotten import ForgottenPassword
from core.use_cases.operator import Operator
from core.use_cases.parts import Parts
from core.use_cases.recovery import Recovery
from core.use_cases.sign_in import SignIn
from core.use_cases.sign_up import SignUp
from core.use_cases.staff import Staff
from core.use_cases.stop import Stop
from core.use_cases.two_factor import TwoFactorSetup


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that Lockwright can do, for apps, commands, tests and programs that embed it."""

    settings: Settings
    parts: Parts
    sign_up: SignUp
    sign_in: SignIn
    account_settings: AccountSettings
    two_factor: TwoFactorSetup
    forgotten: ForgottenPassword
    stop: Stop
    operator: Operator
    due: Due
    recovery: Recovery
    console: Console
    desk: Desk
    account_desk: AccountDesk
    audit_desk: AuditDesk
    staff: Staff

    def close(self) -> None:
        """Give every database connection back; the services can be used again."""
        self.parts.storage.close()


def open_services(settings: Settings, clock: Clock = system_clock, tokens: Tokens | None = None) -> Services:
    """Open the installation of `settings`, making it on the first start.

    Call it after a fork, never before: it opens the database. Raises HomeError, KeysMissing, KeysForeign,
    DatabaseNewer or another StorageError, each with a sentence that says what to do.
    """
    tokens = tokens or Tokens()
    storage = Storage(settings.database_url)
    vault = open_vault(storage, settings.home, clock, tokens)
    parts = Parts(
        settings=settings,
        clock=clock,
        tokens=tokens,
        storage=storage,
        audit=AuditTrail(vault, clock, tokens),
        notices=Notices(vault, clock, tokens),
        accounts=Accounts(vault, clock, tokens),
        invitations=Invitations(vault, clock, tokens),
        hasher=Hasher(settings, vault, settings.home, tokens=tokens),
        sessions=Sessions(vault, clock, tokens, settings),
        throttle=Throttle(vault, clock),
        two_factor=TwoFactor(vault, clock, tokens),
        backup_codes=BackupCodes(clock),
        mail_codes=MailCodes(vault, clock, tokens),
        stop_codes=StopCodes(vault, clock, tokens),
        password_asks=PasswordAsks(vault, clock, tokens),
        ssh_keys=SshKeys(vault, clock),
        policy=read_policy(settings.recovery),
        cases=Cases(vault, clock, tokens),
        case_file=CaseFile(vault, clock, tokens),
        case_leases=CaseLeases(clock),
        queue=Queue(vault, clock),
        watchers=Watchers(clock),
        staff_room=StaffRoom(vault, clock),
    )
    due = Due(parts, transport_for(settings))
    desk = Desk(parts)
    forgotten = ForgottenPassword(parts)
    due.also.append(Piece("forgotten passwords", forgotten.waiting, lambda _: forgotten.answer()))
    due.also.extend(CaseWork(parts).pieces())
    return Services(
        settings=settings,
        parts=parts,
        sign_up=SignUp(parts),
        sign_in=SignIn(parts),
        account_settings=AccountSettings(parts),
        two_factor=TwoFactorSetup(parts),
        forgotten=forgotten,
        stop=Stop(parts),
        operator=Operator(parts),
        due=due,
        recovery=Recovery(parts),
        console=Console(parts),
        desk=desk,
        account_desk=AccountDesk(parts, desk),
        audit_desk=AuditDesk(parts),
        staff=Staff(parts),
    )
