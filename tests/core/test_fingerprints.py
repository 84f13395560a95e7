"""Fingerprints are computed here, from the key, and agree with OpenSSH."""

import base64
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.origin import fingerprint_of

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOEtSR42pJ+vfNyUgfpvnQ++I68L63+qnTl1TP4DAV32"
ECDSA = (
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHikFmuiYHmgF+9vjdgZfcvLJdeEI8Upw0y+eIfI"
    "HTIlVtaEnX1k6nHnEiGLgzZ2o+6vusFfhOKOE0UA31kLCDo="
)


def wire(*strings: bytes) -> str:
    return base64.b64encode(b"".join(len(text).to_bytes(4) + text for text in strings)).decode()


@pytest.mark.parametrize(
    ("public", "fingerprint"),
    [
        (ED25519, "SHA256:uOqm7cA//Z+NwoJAp8fT9YB52BQLFOYVAmVLRfEu810"),
        (ECDSA, "SHA256:7IksqsTKYJmfjeT/vxan4lGE25GMUGTh68cm7TPh7eI"),
    ],
)
def test_fingerprints_are_what_ssh_keygen_printed(public, fingerprint):
    assert fingerprint_of(public) == fingerprint
    assert fingerprint_of(public + " a comment") == fingerprint
    assert fingerprint_of(public + "\n") == fingerprint


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
@pytest.mark.parametrize("algorithm", ["ed25519", "ecdsa", "rsa"])
def test_fingerprints_of_new_keys_are_what_ssh_keygen_prints(tmp_path, algorithm):
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", algorithm, "-N", "", "-f", path], check=True, timeout=60)
    printed = subprocess.run(["ssh-keygen", "-lf", path], check=True, capture_output=True, text=True, timeout=60).stdout
    assert fingerprint_of(path.with_suffix(".pub").read_text()) == printed.split()[1]


@pytest.mark.parametrize(
    "public",
    [
        "",
        " ",
        "ssh-ed25519",
        "ssh-ed25519 ",
        "ssh-ed25519 !!!!",
        ED25519[:-3],
        ED25519.replace("ssh-ed25519", "ssh-rsa"),
        " ".join(reversed(ED25519.split())),
        "ssh-ed25519 " + wire(b"ssh-ed25519-cert-v01@openssh.com", b"key"),
        "ssh-ed25519-cert-v01@openssh.com " + wire(b"ssh-ed25519-cert-v01@openssh.com", b"key"),
        "ssh-ed25519 " + base64.b64encode(b"\xff\xff\xff\xffssh-ed25519").decode(),
        "ssh-ed25519 " + base64.b64encode(b"\x00\x00").decode(),
        "ssh-\ud800 AAAA",
        "ssh-é AAAA",
    ],
)
def test_what_is_no_public_key_has_no_fingerprint(public):
    assert fingerprint_of(public) is None


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_no_text_makes_it_stumble(text):
    assert fingerprint_of(text) is None
    fingerprint_of(f"ssh-ed25519 {text}")


@given(st.binary(min_size=1, max_size=200))
def test_any_key_of_a_known_form_has_one(rest):
    printed = fingerprint_of("ssh-ed25519 " + wire(b"ssh-ed25519", rest))
    assert printed is not None
    assert len(printed) == len("SHA256:") + 43
