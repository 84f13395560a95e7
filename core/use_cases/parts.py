"""What use cases compose: the parts of the domain, the ground they stand on, and the settings."""

from dataclasses import dataclass

from core.accounts import Accounts, Hasher, Invitations
from core.audit import AuditTrail
from core.backup_code import BackupCodes
from core.cases import CaseFile, CaseLeases, Cases, Policy, Queue, Watchers
from core.clock import Clock
from core.mail_codes import MailCodes, PasswordAsks, StopCodes
from core.notices import Notices
from core.sessions import Sessions
from core.settings import Settings
from core.ssh_keys import SshKeys
from core.staff import StaffRoom
from core.storage import Storage
from core.throttle import Throttle
from core.tokens import Tokens
from core.two_factor import TwoFactor


@dataclass(frozen=True, slots=True)
class Parts:
    """One of each part, wired to one storage; made by `open_services`, shared by every use case."""

    settings: Settings
    clock: Clock
    tokens: Tokens
    storage: Storage
    audit: AuditTrail
    notices: Notices
    accounts: Accounts
    invitations: Invitations
    hasher: Hasher
    sessions: Sessions
    throttle: Throttle
    two_factor: TwoFactor
    backup_codes: BackupCodes
    mail_codes: MailCodes
    stop_codes: StopCodes
    password_asks: PasswordAsks
    ssh_keys: SshKeys
    policy: Policy
    """Of new cases; each case keeps the one it was opened under."""
    cases: Cases
    case_file: CaseFile
    case_leases: CaseLeases
    queue: Queue
    watchers: Watchers
    staff_room: StaffRoom
