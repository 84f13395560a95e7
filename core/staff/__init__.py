"""Staff: what each role may do, who is let into the console, and how long a token counts as fresh."""

from core.staff.model import Readmission, admitted, has, why_not
from core.staff.repository import StaffRoom
from core.staff.rights import FRESH, Right

__all__ = [
    "FRESH",
    "Readmission",
    "Right",
    "StaffRoom",
    "admitted",
    "has",
    "why_not",
]
