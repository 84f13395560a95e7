"""What somebody has written so far for a case, kept while they go back, or have to show again who they are."""

from dataclasses import dataclass, field

from core.cases import Form


@dataclass(slots=True)
class Draft:
    """The form as it was left; it lives as long as the sign-in that is tried, and belongs to one account."""

    name: str
    form: Form = field(default=Form(""), repr=False)
    cut_short: bool = False
    """The sign-in ended while the form was filled in: with the password typed again, the form comes next."""

    @property
    def begun(self) -> bool:
        """Whether anything was written."""
        return self.form != Form("")


@dataclass(slots=True)
class Unsent:
    """A message to support that was not sent yet: it outlives the session, and only its own case shows it again."""

    reference: str = ""
    text: str = field(default="", repr=False)

    def enter(self, reference: str) -> None:
        """Be for this case; what was written for another one is forgotten."""
        if reference != self.reference:
            self.reference, self.text = reference, ""
