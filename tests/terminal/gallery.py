"""One screen for each widget of the kit, to be looked at and tested."""

from textual import work
from textual.app import ComposeResult

from core.terminal.screens.confirm import Confirm
from core.terminal.screens.message import Message
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.code_field import BACKUP_CODE, TOKEN, CodeField
from core.terminal.widgets.field import Field
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.qr_code import QrCode
from core.terminal.widgets.title import Title
from core.terminal.words import Words

URI = "otpauth://totp/Acme:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme"
SHORT = "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme"


class First(Page[str]):
    """A menu."""

    HELP = "Sign in if you have an account, sign up if you do not."

    def compose(self) -> ComposeResult:
        yield Title("Acme accounts", "you come from 203.0.113.7")
        with Body():
            yield Words("Your account, from any terminal.", classes="strong")
            yield Words("Sign in, or make an account in a minute.", classes="gap")
            yield Choices(
                Choice("s", "Sign in"),
                Choice("n", "Sign up"),
                Choice("f", "Forgot password"),
                Choice("x", "Stop", "enter the code from a notice"),
            )
        yield BottomLine(left=[("?", "help")], right=[("ctrl+q", "leave")])


class Fields(Page[str]):
    """Four fields."""

    def compose(self) -> ComposeResult:
        yield Title("Sign up", "step 1 of 2")
        with Body():
            yield Field("Name", limit=32, note="2 to 32 letters, digits, . _ -", id="name")
            yield Field("E-mail address", limit=254, hint="you@example.org", id="address")
            yield PasswordField("Password", note="15 characters or more; ctrl+g suggests one", id="password")
            yield PasswordField("Password again", id="again")
            yield Notice("Signing up never waits for mail.", id="outcome")
        yield BottomLine(right=[("enter", "go on")])

    @work
    async def submit(self) -> None:
        self.query_one("#name", Field).refuse("That name is taken. Try another.")


class Token(Page[str]):
    """The second factor."""

    def compose(self) -> ComposeResult:
        yield Title("Sign in as ada", "step 2 of 2")
        with Body():
            yield Words("Enter the six digits that your authenticator shows for Acme.", classes="gap")
            yield CodeField("Token", form=TOKEN, id="token")
            yield Notice("That token was used already. The next one comes in 11 s.", Tone.DANGER, classes="gap")
            yield Choices(
                Choice("b", "Backup Code", "works once and switches two-factor off"),
                Choice("r", "Recover your Account", "no device, no code: a person will help"),
            )
        yield BottomLine(left=[("esc", "back"), ("?", "help")], right=[("enter", "verify")])


class Backup(Page[str]):
    """A backup code."""

    def compose(self) -> ComposeResult:
        yield Title("Sign in as ada", "step 2 of 2")
        with Body():
            yield CodeField(
                "Backup code", form=BACKUP_CODE, id="code", note="small letters, spaces and hyphens do not matter"
            )
            yield Notice("Everything is fine.", Tone.GOOD)
            yield Notice("This is for your information.", Tone.CALM)
            yield Notice("Have the new device ready.", Tone.WARNING)
        yield BottomLine(right=[("enter", "go on")])


class Scan(Page[str]):
    """A QR code and what stands beside it."""

    CSS = """
    #scan { layout: horizontal; height: 1fr; }
    #beside { layout: vertical; width: 35; height: 1fr; padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        from textual.containers import Container

        with Container(id="scan"):
            yield QrCode(URI, SHORT, beside=35)
            with Container(id="beside"):
                yield Words("Enable two-factor", classes="strong gap")
                yield Words("1  Scan the code with your authenticator app or type this key:")
                yield Words("   JBSW Y3DP EHPK 3PXP\n   JBSW Y3DP EHPK 3PXP   c copy", classes="gap")
                yield Words("2  Enter the six digits it shows")
                yield CodeField("Token", form=TOKEN)
                yield Words("f  full screen      esc back", classes="quiet")


def question() -> Confirm:
    """A grave question."""
    return Confirm("Disable 2FA?", "Anyone with your password can then sign in.", yes="Disable 2FA")


def message() -> Message:
    """Something to read."""
    return Message(
        "You are signed out", "Your session was ended elsewhere.", "Sign in again to go on.", tone=Tone.WARNING
    )
