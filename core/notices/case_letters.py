"""What notices say about recovery cases, and to staff about staff: one pure function for each.

Every notice to an owner says what happens next, by when, and how to stop it. Times are UTC.
"""

from datetime import datetime, timedelta

from core.notices.composing import IF_YOU, STAFF, compose, mail_code, moment, place, quoted, stop_code
from core.notices.model import Letter
from core.secret import Secret
from core.text import shown

_NOT_YOURS = "If it was not you, choose Stop on the first screen and type this code:"
_NEVER_OPENED = "If you did not open it, somebody knows your password: sign in and change it."
_EVIDENCE_LIFE = timedelta(hours=24)


def evidence_code(site: str, name: str, reference: str, code: Secret) -> Letter:
    """The mail code that is evidence in a case."""
    return compose(
        "evidence code",
        site,
        f"mail code for {reference}",
        name,
        f"To show that you read this mailbox, type this code in the recovery case {reference}:",
        mail_code(code),
        "It counts once, for 24 hours, and only there. If you opened no case, do not give it to anybody: use the stop "
        "code of the letter that told you of the case.",
        good_for=_EVIDENCE_LIFE,
    )


def opened(
    site: str, name: str, reference: str, *, at: datetime, source: str, least: timedelta, stop: Secret
) -> Letter:
    """A case was opened, or goes on after a freeze: from this letter on the owner can stop it."""
    return _stoppable(
        "case opened",
        site,
        f"somebody asks to recover your account ({reference})",
        name,
        f"Somebody who knows your password says that your device is lost, and opened the recovery case {reference} "
        f"on {moment(at)}, {place(source, site)}. Support looks at the evidence. If it suffices, two-factor "
        f"authentication is switched off, not before {_hours(least)} after this letter.",
        stop,
        "It freezes the case. Signing in with your device or your backup code ends it.",
    )


def still_open(site: str, name: str, reference: str, *, at: datetime, stop: Secret) -> Letter:
    """24 h and 72 h after the opening, while the case goes on."""
    return _stoppable(
        "case reminder",
        site,
        f"the recovery of your account goes on ({reference})",
        name,
        f"The recovery case {reference}, opened on {moment(at)}, goes on.",
        stop,
        "It freezes the case. Signing in with your device or your backup code ends it.",
    )


def written(site: str, name: str, reference: str, *, asks: bool, stop: Secret) -> Letter:
    """Support wrote to the claimant, or asks for something; what they wrote is read in the case and nowhere else."""
    did = "asks you something" if asks else "wrote"
    return _stoppable(
        "case message",
        site,
        f"support {did} in {reference}",
        name,
        f"Support {did} in the recovery case {reference}, which somebody who knows your password opened.",
        stop,
        "It freezes the case, if it is not frozen already. Signing in with your device or your backup code ends it.",
        if_you="If it is your case: come back with your password and return code to read and answer it. Until you do, no "
        "further letter tells you of what they write.",
    )


def approved(site: str, name: str, reference: str, *, over_at: datetime | None, stop: Secret) -> Letter:
    """The case was approved, and completes when the wait is over."""
    when = f"on {moment(over_at)}" if over_at is not None else "when every notice was handed over and the wait is over"
    return _stoppable(
        "case approved",
        site,
        f"the recovery of your account is approved ({reference})",
        name,
        f"The recovery case {reference} was approved. Two-factor authentication is switched off {when}.",
        stop,
        "It freezes the case. Signing in with your device or your backup code ends it.",
    )


def completed(site: str, name: str, reference: str, *, at: datetime, until: datetime, stop: Secret) -> Letter:
    """The case is completed: 2FA is off, and what undoes it."""
    return _stoppable(
        "case completed",
        site,
        f"your account was recovered ({reference})",
        name,
        f"The recovery case {reference} was completed on {moment(at)}: two-factor authentication is off and every "
        "session has ended. Sign in with your password; then your return code lets you enable it again.",
        stop,
        f"Until {moment(until)} it locks the account and ends every session; after that your password and a token of "
        "the old device bring the old device back.",
    )


def rejected(site: str, name: str, reference: str, *, reason: str) -> Letter:
    """Staff rejected the case."""
    return compose(
        "case rejected",
        site,
        f"the recovery of your account was rejected ({reference})",
        name,
        f"Support rejected the recovery case {reference}. Nothing was changed. Their reason:",
        quoted(reason, limit=1000, lines=20),
        "If you opened it, you can open another one with better evidence: sign in with your password and choose "
        "Recover your Account.",
        _NEVER_OPENED,
    )


def ended(site: str, name: str, reference: str, how: str) -> Letter:
    """The case ended without changing anything."""
    return compose(
        "case ended",
        site,
        f"the recovery case {reference} has ended",
        name,
        f"The recovery case {reference} has ended: {how}. Nothing was changed.",
        IF_YOU,
        _NEVER_OPENED,
    )


def frozen(site: str, name: str, reference: str) -> Letter:
    """The case is frozen."""
    return compose(
        "case frozen",
        site,
        f"the recovery case {reference} is frozen",
        name,
        f"The recovery case {reference} is frozen: it changes nothing while it is. The people who run this site were "
        "told. It goes on only when a lead has seen new evidence, and then the whole wait begins anew with a new "
        "letter and a new code.",
        "If you stopped it: change your password, as somebody knows it.",
    )


def undone(site: str, name: str, reference: str) -> Letter:
    """The account was locked with a stop code after a completed case."""
    return compose(
        "recovery stopped",
        site,
        f"your account is locked ({reference})",
        name,
        f"A code from a notice stopped the recovery {reference} after it was completed. Your account is locked and "
        "every session has ended. The people who run this site were told.",
        "To have your old device back: choose Stop on the first screen, then Restore, and show your password and a "
        "token of the old device.",
        f"If you recovered the account yourself and did not stop it, write to {STAFF}.",
    )


def restored(site: str, name: str) -> Letter:
    """The old device counts again."""
    return compose(
        "device restored",
        site,
        "your old device counts again",
        name,
        "The recovery was undone: your old device counts again and two-factor authentication is on.",
        "Change your password, as somebody else knows it, and make a new backup code under Settings, Account: there is "
        "none any more.",
        f"If you did not do that, write to {STAFF} at once.",
    )


def locked(site: str, name: str) -> Letter:
    """Staff locked the account."""
    return compose(
        "account locked",
        site,
        "your account is locked",
        name,
        "The people who run this site locked your account and ended its sessions. Write to them to have it unlocked.",
    )


def unlocked(site: str, name: str) -> Letter:
    """Staff unlocked the account."""
    return compose(
        "account unlocked",
        site,
        "your account is unlocked",
        name,
        "The people who run this site unlocked your account. If you did not ask for that, tell them at once.",
    )


def backup_code_voided(site: str, name: str) -> Letter:
    """Staff made the backup code void."""
    return compose(
        "backup code voided",
        site,
        "your backup code no longer counts",
        name,
        "Support made your backup code void, as it may have been seen by others. Two-factor authentication stays on. "
        "Make a new code under Settings, Account.",
        f"If you do not know why, write to {STAFF}.",
    )


def two_factor_reset(site: str, name: str) -> Letter:
    """The operator switched a staff account's 2FA off."""
    return compose(
        "two-factor reset",
        site,
        "two-factor authentication is off",
        name,
        "The operator switched two-factor authentication off for your staff account, and ended its sessions. Enrol "
        "again with the operator; then another admin lets you into the console again.",
        "If you did not ask for that, write to the operator and to the other admins at once.",
    )


def for_leads(site: str, reference: str, fact: str) -> Letter:
    """To each lead: something about a case that they should see."""
    return compose("case for leads", site, f"{reference}: {fact}", "", f"Recovery case {reference}: {fact}.")


def for_staff(site: str, fact: str) -> Letter:
    """To all staff: who may do what has changed."""
    return compose("staff", site, "the staff have changed", "", shown(fact, limit=300))


def _stoppable(
    kind: str, site: str, subject: str, name: str, fact: str, stop: Secret, effect: str, *, if_you: str = IF_YOU
) -> Letter:
    return compose(
        kind,
        site,
        subject,
        name,
        fact,
        if_you,
        _NOT_YOURS,
        stop_code(stop),
        f"{effect} It counts once. Nobody ever asks you for it.",
    )


def _hours(span: timedelta) -> str:
    return f"{span // timedelta(hours=1)} hours"
