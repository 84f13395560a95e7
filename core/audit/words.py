"""The audit trail in plain words, as the owner of an account reads it under Activity."""

from collections.abc import Callable

from core import origin
from core.audit.model import HOST, Entry, Event
from core.text import shown

CHANGED = "This entry was changed outside Lockwright and cannot be relied on"


def told(entry: Entry, *, to_owner: bool = True) -> str:
    """What happened, as one plain sentence without a full stop.

    It is told to the owner of the account that `entry` is about, or to staff: then the owner is "the owner", and it is
    said where staff came from, too.
    """
    if not entry.genuine:
        return CHANGED
    who, where = _who(entry, to_owner=to_owner), _where(entry, to_owner=to_owner)
    words = WORDS[entry.event]
    return words(entry, who, where) if callable(words) else words.format(who=who, where=where)


Words = str | Callable[[Entry, str, str], str]
"""A sentence with places for {who} and {where}, or what makes one from the entry, who and where."""


def _is_by_staff(entry: Entry) -> bool:
    return entry.actor not in {None, HOST, entry.account}


def _who(entry: Entry, *, to_owner: bool) -> str:
    """Who did it: staff by a pseudonym, the first digits of their account's id."""
    if entry.actor is None:
        return "Somebody"
    if entry.actor == HOST:
        return "The operator of this site"
    if entry.actor == entry.account:
        return "You" if to_owner else "The owner"
    return f"Staff member {shown(entry.actor, limit=64)[:6]}"


def _where(entry: Entry, *, to_owner: bool) -> str:
    """Where it was done, to be put at the end of a sentence; where staff work is not the owner's business."""
    if entry.source is None or (to_owner and _is_by_staff(entry)):
        return ""
    return f", {origin.where(shown(entry.source, limit=64))}"


def _said(entry: Entry, name: str) -> str:
    """A detail of `entry`, empty when it has none of that name."""
    return shown(str(entry.detail.get(name, "")), limit=64)


def _session_ended(entry: Entry, who: str, where: str) -> str:
    count = _said(entry, "count")
    ended = f"{count} other session{'' if count == '1' else 's'}" if count else "a session"
    return f"{who} ended {ended}{where}"


def _with(name: str, done: str) -> Words:
    """Somebody did something with what a detail names."""
    return lambda entry, who, where: " ".join(f"{who} {done} {_said(entry, name)}".split()) + where


def _of_case(case: str, account: str) -> Words:
    """One sentence about a recovery case, another about the account alone."""
    return lambda entry, who, where: (account if entry.case is None else case).format(who=who, where=where)


def _by_staff(by_staff: str, otherwise: str) -> Words:
    """One sentence for what staff did, another for what the claimant, the owner or nobody did."""
    return lambda entry, who, where: (by_staff if _is_by_staff(entry) else otherwise).format(who=who, where=where)


def _notice_failed(entry: Entry, _who: str, _where: str) -> str:
    kind = _said(entry, "kind")
    return f'A notice ("{kind}") could not be delivered' if kind else "A notice could not be delivered"


def _case_evidence(entry: Entry, who: str, where: str) -> str:
    match entry.detail.get("kind"):
        case "person":
            return f"{who} recorded in the recovery case that they met the owner in person"
        case "key":
            given = "proved an SSH key of this account"
        case "mail":
            given = "typed a code that was sent to the e-mail address"
        case _:
            given = "gave evidence"
    return f"The claimant {given} in the recovery case{where}"


def _searched(entry: Entry, who: str, _where: str) -> str:
    about = " about the recovery case" if entry.case else " about this account" if entry.account else ""
    return f"{who} searched the audit trail{about}"


def _work_failed(entry: Entry, _who: str, _where: str) -> str:
    return f"The site could not do a piece of its work, error id {_said(entry, 'error') or 'unknown'}"


WORDS: dict[Event, Words] = {
    Event.ACCOUNT_CREATED: "{who} made this account{where}",
    Event.ACCOUNT_DAMAGED: "The record of this account was found changed outside Lockwright, and is locked{where}",
    Event.ACCOUNT_STOPPED: "The code from a notice locked this account and ended its sessions{where}",
    Event.ACCOUNT_CONTESTED: "Recovery by mail is closed for 30 days, because a recovery was stopped",
    Event.ACCOUNT_LOCKED: "{who} locked this account",
    Event.ACCOUNT_UNLOCKED: "{who} unlocked this account",
    Event.INVITED: "{who} made an invitation",
    Event.INVITATION_USED: "{who} used an invitation{where}",
    Event.ADDRESS_CHANGED: "{who} changed the e-mail address{where}",
    Event.ADDRESS_CONFIRMED: "{who} confirmed the e-mail address{where}",
    Event.ADDRESS_RESTORED: "The e-mail address from before the change was put back{where}",
    Event.PASSWORD_CHANGED: "{who} changed the password{where}",
    Event.PASSWORD_RESET_ASKED: "Somebody asked for a mail code to set a new password{where}",
    Event.PASSWORD_RESET_WRONG: "Somebody typed a wrong mail code for a new password{where}",
    Event.PASSWORD_RESET: "A new password was set with a mail code{where}",
    Event.SIGNED_IN: "{who} signed in{where}",
    Event.SIGN_IN_REFUSED: "A sign-in with the right password was refused: the account is locked{where}",
    Event.SIGN_IN_PASSWORD_WRONG: "Somebody typed a wrong password{where}",
    Event.SIGN_IN_TOKEN_WRONG: "Somebody typed the right password and a wrong token{where}",
    Event.SIGN_IN_BACKUP_CODE_WRONG: "Somebody typed the right password and a wrong backup code{where}",
    Event.PROOF_FAILED: "Somebody who was signed in could not show the password or token again{where}",
    Event.SIGNED_OUT: "Signed out{where}",
    Event.SESSION_ENDED: _session_ended,
    Event.KEY_ADDED: _with("fingerprint", "added the SSH key"),
    Event.KEY_REMOVED: _with("fingerprint", "removed the SSH key"),
    Event.TWO_FACTOR_ENABLED: "{who} enabled two-factor authentication{where}",
    Event.TWO_FACTOR_DISABLED: "{who} disabled two-factor authentication{where}",
    Event.TWO_FACTOR_RESET: "{who} reset two-factor authentication: it is off",
    Event.TWO_FACTOR_RESTORED: "Two-factor authentication with the device from before is back{where}",
    Event.TWO_FACTOR_BROKEN: "The secret of the device could not be read, so no token could be checked{where}",
    Event.DEVICE_REPLACED: "{who} replaced the device{where}",
    Event.BACKUP_CODE_RENEWED: "{who} made a new backup code{where}",
    Event.BACKUP_CODE_USED: "{who} signed in with the backup code: two-factor authentication is off{where}",
    Event.BACKUP_CODE_VOIDED: "{who} made the backup code void",
    Event.FACTOR_BLOCKED: "After many wrong tries, sign-in works only from where it worked before",
    Event.FACTOR_DISABLED: "After many wrong tries, one way to sign in is switched off",
    Event.BLOCK_LIFTED: "{who} lifted a block that wrong tries had set",
    Event.NOTICE_FAILED: _notice_failed,
    Event.CASE_OPENED: "Somebody who knows the password opened a recovery case{where}",
    Event.CASE_RETURNED: "The claimant came back to the recovery case{where}",
    Event.CASE_RETURN_WRONG: "Somebody typed the right password and a wrong return code{where}",
    Event.CASE_EVIDENCE: _case_evidence,
    Event.CASE_EVIDENCE_VOID: "Evidence in the recovery case is void: what it rested on was changed",
    Event.CASE_MESSAGE: _by_staff(
        "{who} wrote a message in the recovery case", "The claimant wrote a message in the recovery case{where}"
    ),
    Event.CASE_ASKED: "{who} asked for evidence in the recovery case",
    Event.CASE_CLAIMED: "{who} took the recovery case",
    Event.CASE_RELEASED: "{who} gave the recovery case back to the queue",
    Event.CASE_REASSIGNED: "{who} gave the recovery case to somebody else",
    Event.CASE_VERIFIED: "{who} verified ownership in the recovery case",
    Event.CASE_APPROVED: "{who} approved the recovery case",
    Event.CASE_REOPENED: "The recovery case went back to open: what it rested on no longer holds",
    Event.CASE_COMPLETED: "The recovery case was completed: two-factor authentication is off, every session has ended",
    Event.CASE_REJECTED: "{who} rejected the recovery case",
    Event.CASE_WITHDRAWN: "The recovery case was withdrawn{where}",
    Event.CASE_STOPPED: _by_staff("{who} stopped the recovery case", "The recovery case was stopped{where}"),
    Event.CASE_FROZEN: _by_staff("{who} froze the recovery case", "The recovery case was frozen{where}"),
    Event.CASE_UNFROZEN: "{who} let the recovery case go on, and its whole wait began anew",
    Event.CASE_EXPIRED: "The recovery case ran out of time",
    Event.CASE_LATE: "The recovery case is late, and the leads were told",
    Event.STAFF_LOOKED: _of_case("{who} looked at the recovery case{where}", "{who} looked at this account{where}"),
    Event.STAFF_UNMASKED: "{who} looked at the contact data",
    Event.STAFF_SIGNED_IN: "{who} signed in to the support console{where}",
    Event.STAFF_REFUSED: "{who} tried a step in the support console that the rules refuse{where}",
    Event.STAFF_DISABLED: "{who} closed the support console to this account",
    Event.STAFF_READMITTED: "{who} let this account into the support console again",
    Event.STAFF_EXPORTED: _of_case("{who} exported the recovery case", "{who} exported the record of this account"),
    Event.ROLE_GIVEN: _with("role", "gave this account the role"),
    Event.ROLE_TAKEN: _with("role", "took from this account the role"),
    Event.AUDIT_SEARCHED: _searched,
    Event.AUDIT_VERIFIED: "{who} verified the audit trail",
    Event.AUDIT_EXPORTED: "{who} exported the audit trail",
    Event.WORK_FAILED: _work_failed,
    Event.UNREADABLE: CHANGED,
}
