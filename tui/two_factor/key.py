"""The key of a new device as the scan screens show it: as a code to scan, and as text to type."""

import base64

from core.two_factor import cut_names, key_groups, uri
from core.use_cases.two_factor import EnrolmentBegun


class DeviceKey:
    """What an authenticator needs, until it is wiped."""

    def __init__(self, begun: EnrolmentBegun) -> None:
        base32 = begun.secret.reveal()
        secret = base64.b32decode(base32 + "=" * (-len(base32) % 8))
        self.text = base32
        self.groups = key_groups(secret)
        self.full = uri(begun.issuer, begun.label, secret)
        """The URI that apps scan, with the issuer in front of the label."""
        self.short = uri(begun.issuer, begun.label, secret, prefix=False)
        """The same with the issuer once: a smaller code."""
        self.cut = uri(*cut_names(begun.issuer, begun.label), secret, prefix=False)
        """The same with names so short that the code fits 24 rows."""

    def lines(self, groups: int) -> str:
        """The key in groups of four, so many to a line."""
        return "\n".join(" ".join(self.groups[at : at + groups]) for at in range(0, len(self.groups), groups))

    @property
    def uris(self) -> tuple[str, str, str]:
        """What a code may hold, best first."""
        return self.full, self.short, self.cut

    def wipe(self) -> None:
        """Let go of it."""
        self.text = self.full = self.short = self.cut = ""
        self.groups = ()
