"""Codes that travel by mail: mail codes prove a mailbox, stop codes stop or undo without sign-in."""

from core.mail_codes.asks import Ask, PasswordAsks
from core.mail_codes.model import (
    Issued,
    NoneOpen,
    Purpose,
    Right,
    Standing,
    Stop,
    StopKind,
    TooSoon,
    WrongCode,
    clean,
    clean_stop,
)
from core.mail_codes.repository import MailCodes, StopCodes

__all__ = [
    "Ask",
    "Issued",
    "MailCodes",
    "NoneOpen",
    "PasswordAsks",
    "Purpose",
    "Right",
    "Standing",
    "Stop",
    "StopCodes",
    "StopKind",
    "TooSoon",
    "WrongCode",
    "clean",
    "clean_stop",
]
