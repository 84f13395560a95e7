"""An authenticator app of our own: RFC 6238 from the standard library alone, so that tests never ask the code they test."""

import base64
import hmac
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit


def hotp(secret: bytes, counter: int, digits: int = 6, digest: str = "sha1") -> str:
    """RFC 4226 section 5.3."""
    mac = hmac.digest(secret, counter.to_bytes(8, "big"), digest)
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def totp(secret: bytes, seconds: float, digits: int = 6, digest: str = "sha1") -> str:
    """RFC 6238 section 4.2, 30 seconds a step."""
    return hotp(secret, int(seconds // 30), digits, digest)


def secret_of(base32: str) -> bytes:
    """What an app keeps of a key that was typed."""
    key = "".join(base32.split()).upper()
    return base64.b32decode(key + "=" * (-len(key) % 8))


def token(base32: str, moment: datetime, steps: int = 0) -> str:
    """What an app shows at `moment`, if its clock is ahead by `steps`."""
    return hotp(secret_of(base32), int(moment.timestamp() // 30) + steps)


def scan(uri: str) -> dict[str, str]:
    """What an app reads out of an otpauth URI (Key URI Format): its parameters, and `label` as it is shown."""
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    fields = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    prefix, colon, account = unquote(parts.path.removeprefix("/")).partition(":")
    assert not colon or prefix == fields["issuer"]
    return fields | {"label": account if colon else prefix}
