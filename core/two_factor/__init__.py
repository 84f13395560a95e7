"""The second factor: enrolling a device, and checking its tokens."""

from core.two_factor.model import (
    Accepted,
    Broken,
    Checked,
    Device,
    Enrolment,
    Finished,
    NoDevice,
    NoEnrolment,
    Verified,
)
from core.two_factor.repository import TwoFactor
from core.two_factor.totp import STEP, NoMatch, Off, Used, clean_token, cut_names, key_groups, uri

__all__ = [
    "STEP",
    "Accepted",
    "Broken",
    "Checked",
    "Device",
    "Enrolment",
    "Finished",
    "NoDevice",
    "NoEnrolment",
    "NoMatch",
    "Off",
    "TwoFactor",
    "Used",
    "Verified",
    "clean_token",
    "cut_names",
    "key_groups",
    "uri",
]
