import hashlib
import json
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def test_an_outsider_with_the_export_alone_can_check_chain_signatures_and_digests(storage, trail, sealed_trail):
    with storage.unit():
        lines = [json.dumps(line) for line in trail.export()]
    keys, *rest = map(json.loads, lines)
    assert keys["what"] == "keys"
    seals = [line for line in rest if line["what"] == "seal"]
    entries = [line for line in rest if line["what"] == "entry"]
    assert (len(seals), len(entries)) == (5, 43)

    previous, total = bytes(32), 0
    for seal in seals:
        held = [entry for entry in entries if entry["seal"] == seal["number"]]
        covered = b"".join(
            entry["id"].to_bytes(8, "big") + (36).to_bytes(4, "big") + bytes.fromhex(entry["mac"]) for entry in held
        )
        assert hashlib.sha256(covered).hexdigest() == seal["digest"]
        total += len(held)
        assert (seal["count"], seal["total"]) == (len(held), total)
        assert bytes.fromhex(seal["previous"]) == previous
        microseconds = round(datetime.fromisoformat(seal["at"]).timestamp() * 1_000_000)
        numbers = (seal["number"], seal["count"], seal["total"], microseconds)
        said = b"lockwright audit seal 1\n" + b"".join(number.to_bytes(8, "big") for number in numbers)
        previous = hashlib.sha256(said + previous + bytes.fromhex(seal["digest"])).digest()
        signature = bytes.fromhex(seal["signature"])
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys["ed25519"][signature[:4].hex()]))
        public.verify(signature[4:], previous)


def test_an_export_by_pages_of_any_length_is_the_same(storage, trail, sealed_trail):
    with storage.unit():
        whole = list(trail.export())
        for limit in (1, 5, 43, 1000):
            page = trail.export_page(limit=limit)
            lines = [*page.lines]
            while page.next is not None:
                page = trail.export_page(page.next, limit=limit)
                assert len(page.lines) <= limit
                lines += page.lines
            assert lines == whole


def test_an_export_holds_no_key_that_could_sign(storage, trail, sealed_trail, home):
    with storage.unit():
        exported = json.dumps(list(trail.export()))
    for kept in json.loads((home / "keys.json").read_text())["mac"]:
        assert kept["key"] not in exported
