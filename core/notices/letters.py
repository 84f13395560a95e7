"""What notices say: one pure function for each, in plain words, with what to do when it was not the reader.

The letters of recovery cases are in `case_letters.py`.
"""

from datetime import timedelta

from core.notices.composing import IF_YOU, STAFF, compose, mail_code, place, stop_code
from core.notices.model import Letter
from core.secret import Secret
from core.text import shown

_CODE_LIFE = timedelta(minutes=10)


def address_code(site: str, name: str, code: Secret) -> Letter:
    """The mail code that confirms an address."""
    return compose(
        "address code",
        site,
        "confirm your address",
        name,
        "To confirm this address, sign in, choose Settings, Account, and type this code:",
        mail_code(code),
        "It works once and for 10 minutes.",
        "If you did not ask for it, do nothing: without the code this address is not confirmed.",
        good_for=_CODE_LIFE,
    )


def address_in_use(site: str, name: str) -> Letter:
    """Somebody named an address that another account has confirmed: its owner is told, and nobody else."""
    return compose(
        "address in use",
        site,
        "this address has an account already",
        name,
        "Somebody wanted to use this address for another account. It belongs to yours, so nothing was changed.",
        "If that was you: sign in with the name above. If you do not know the password any more, choose Forgot password "
        "on the first screen.",
        "If it was not you, there is nothing to do: they were not told that you have an account.",
    )


def password_code(site: str, name: str, code: Secret) -> Letter:
    """The mail code that sets a new password."""
    return compose(
        "password code",
        site,
        "set a new password",
        name,
        "To set a new password, type this code where you chose Forgot password:",
        mail_code(code),
        "It works once and for 10 minutes. Two-factor authentication stays as it is.",
        "If you did not ask for it, do nothing: your password stays as it is. Tell nobody the code.",
        good_for=_CODE_LIFE,
    )


def two_factor_enabled(site: str, name: str, stop: Secret) -> Letter:
    """2FA is on."""
    return _with_stop(
        "two-factor enabled",
        site,
        "two-factor authentication is on",
        name,
        "Two-factor authentication was enabled. From now on signing in asks for a token from your device as well. "
        "Every other session has ended.",
        stop,
        effect=_LOSES_DEVICE,
    )


def two_factor_disabled(site: str, name: str, stop: Secret) -> Letter:
    """2FA was switched off by whoever had password and token."""
    return _with_stop(
        "two-factor disabled",
        site,
        "two-factor authentication is off",
        name,
        "Two-factor authentication was disabled. From now on the password alone signs in, and the backup code is void.",
        stop,
    )


def device_replaced(site: str, name: str, stop: Secret) -> Letter:
    """Another device gives the tokens now."""
    return _with_stop(
        "device replaced",
        site,
        "your device was replaced",
        name,
        "The device for two-factor authentication was replaced. Tokens of the old one no longer count, and the backup "
        "code is a new one.",
        stop,
        effect=_LOSES_DEVICE,
    )


def backup_code_renewed(site: str, name: str) -> Letter:
    """A new backup code was made."""
    return compose(
        "backup code renewed",
        site,
        "you have a new backup code",
        name,
        "A new backup code was made. The old one is void.",
        IF_YOU,
        "If it was not you, somebody has your password and your device. Sign in, change the password, replace the "
        "device, and look under Settings, Sessions for what is not yours.",
    )


def backup_code_used(site: str, name: str, source: str) -> Letter:
    """The backup code signed in, and 2FA is off."""
    return compose(
        "backup code used",
        site,
        "your backup code was used",
        name,
        f"Somebody signed in with your password and your backup code, {place(source, site)}.",
        "The code is spent, two-factor authentication is off, and every other session has ended. Until it is on again, "
        "one can enable it or change the password, and nothing else.",
        "If that was you, enable two-factor authentication again now, and keep the code until it is on: any other session "
        "asks for it again.",
        "If it was not you: sign in with your password, choose Enable and show your backup code when it is asked for. "
        "It counts for that although it is spent, and then only your device signs in. Change your password after that.",
    )


def password_changed(site: str, name: str, stop: Secret) -> Letter:
    """The password was changed, in Settings or with a mail code."""
    return _with_stop(
        "password changed",
        site,
        "your password was changed",
        name,
        "Your password was changed, and every other session has ended.",
        stop,
    )


def address_changed(site: str, name: str, stop: Secret) -> Letter:
    """To the old address: another one takes its place."""
    return _with_stop(
        "address changed",
        site,
        "your address was replaced",
        name,
        "Another e-mail address was put in the place of this one. For 30 days notices still come to this one, too.",
        stop,
        effect="It puts this address back, locks your account, ends every session",
    )


def address_new(site: str, name: str) -> Letter:
    """To the new address: it counts for an account from now on. No stop code: that one goes to the old address."""
    return compose(
        "address new",
        site,
        "this is your new address",
        name,
        "This address took the place of another in your account, and is confirmed. Notices come here from now on.",
        IF_YOU,
        "If it was not you: choose Stop on the first screen, and type the code from the letter to the old address.",
    )


def suspicious_sign_in(site: str, name: str, source: str) -> Letter:
    """Password right, token wrong three times (ASVS 6.3.5)."""
    return compose(
        "suspicious sign-in",
        site,
        "somebody knows your password",
        name,
        f"Somebody typed your right password and then three wrong tokens, {place(source, site)}. They did not get in.",
        IF_YOU,
        "If it was not you, somebody knows your password. Sign in and change it under Settings, Account; if you used it "
        "anywhere else, change it there as well.",
    )


def key_added(site: str, name: str, fingerprint: str) -> Letter:
    """An SSH key was added."""
    return compose(
        "key added",
        site,
        "an SSH key was added",
        name,
        "This SSH key was added to your account:",
        f"    {shown(fingerprint, limit=100)}",
        IF_YOU,
        "If it was not you: sign in, remove it under Settings, SSH keys, and change your password.",
    )


def key_removed(site: str, name: str, fingerprint: str) -> Letter:
    """An SSH key was removed."""
    return compose(
        "key removed",
        site,
        "an SSH key was removed",
        name,
        "This SSH key was removed from your account, and is no way back into it any more:",
        f"    {shown(fingerprint, limit=100)}",
        IF_YOU,
        "If it was not you: sign in, change your password, and add the key again.",
    )


def stopped(site: str, name: str) -> Letter:
    """A stop code locked the account."""
    return compose(
        "account stopped",
        site,
        "your account is locked",
        name,
        "The code from a notice was used to stop a change. Your account is locked and every session has ended.",
        f"We told {STAFF}. {_UNLOCKED_WITH_YOU}",
    )


def device_stopped(site: str, name: str) -> Letter:
    """The stop code of an Enable locked the account, and the device counts as lost."""
    return compose(
        "device stopped",
        site,
        "your account is locked",
        name,
        "The code from a notice was used to stop a change of two-factor authentication. Your account is locked and every "
        f"session has ended. {DEVICE_LOST}",
        f"We told {STAFF}. {_UNLOCKED_WITH_YOU}",
        "Then show your password and choose Recover your Account: a recovery case switches two-factor authentication "
        "off, and you enable it with a device of your own.",
    )


def stopped_for_leads(site: str, name: str) -> Letter:
    """To each lead: the owner of an account stopped a change."""
    return compose(
        "account stopped, for leads",
        site,
        "an account was stopped by its owner",
        "",
        f"Whoever reads the mail of the account {shown(name) or '(its record is damaged)'} used the code from a notice: "
        "a change was not theirs. The account is locked and its sessions have ended.",
        "Look at its history, find out who the owner is, and unlock it for nobody else.",
    )


_UNLOCKED_WITH_YOU = (
    "They unlock it with you once they know that it is you; write to them if you do not hear from them."
)
DEVICE_LOST = "The device and the backup code of the account count as lost: they open nothing any more."
_LOSES_DEVICE = "It locks your account, ends every session, makes the new device and backup code worthless"


def _with_stop(
    kind: str,
    site: str,
    subject: str,
    name: str,
    fact: str,
    stop: Secret,
    *,
    effect: str = "It locks your account, ends every session",
) -> Letter:
    return compose(
        kind,
        site,
        subject,
        name,
        fact,
        IF_YOU,
        "If it was not you: choose Stop on the first screen, and type this code:",
        stop_code(stop),
        f"{effect}, and tells {STAFF}. You need not sign in for it. It works once and for 7 days. Nobody ever asks you "
        "for it.",
    )
