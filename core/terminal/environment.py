"""Textual's own switches, turned off: they load any module, write files and show what was typed.

Textual reads `TEXTUAL_*` once, when it is imported; a program that is started by somebody else's shell, or over SSH,
must not obey them. Importing this module is enough.
"""

import os

from textual import constants

_OFF = {
    "COLOR_SYSTEM": "auto",
    "DEBUG": False,
    "DEFAULT_THEME": "textual-dark",
    "DRIVER": None,
    "FILTERS": "",
    "LOG_FILE": None,
    "PRESS": "",
    "SCREENSHOT_DELAY": -1,
    "SHOW_RETURN": False,
}

for _name, _value in _OFF.items():
    setattr(constants, _name, _value)

os.environ.pop("TEXTUAL", None)
