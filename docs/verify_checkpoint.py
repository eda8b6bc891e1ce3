"""Checks a checkpoint of a Kuaifan log (核验检查点), alone: Python and the package `cryptography`.

    python verify_checkpoint.py checkpoint.json [--key HEX] [--proof p.json] [--export log.jsonl]

--key: the public key that the centre gave out. --proof: of `kuaifan log prove`: that one record
was in the log. --export: of `kuaifan log export`: that no record up to the checkpoint was changed.
"""

# ruff: noqa: INP001 - one file, handed out alone
import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def leaf(link: bytes) -> bytes:
    """Leaf of the tree (RFC 6962)."""
    return hashlib.sha256(b"\x00" + link).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Node over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(links: list[bytes]) -> bytes:
    """Root over the hashes of records."""
    level = [leaf(link) for link in links] or [hashlib.sha256(b"").digest()]
    while len(level) > 1:
        pairs = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1 :]
    return level[0]


def check_signature(checkpoint: dict, key: str | None) -> None:
    """End unless it is as it was signed, by the key that was given out."""
    if key and key.lower() != checkpoint["public_key"]:
        sys.exit("NOT valid: signed by another key than the one given out")
    signed = "".join(f"{name} {value}\n" for name, value in [*checkpoint.items()][:-2]).encode()
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint["public_key"]))
        public.verify(bytes.fromhex(checkpoint["signature"]), signed)
    except (InvalidSignature, ValueError):
        sys.exit("NOT valid: the checkpoint is not as it was signed")


def check_proof(checkpoint: dict, proof: dict) -> None:
    """End unless the path from the record leads to the root."""
    before = bytes.fromhex(proof["previous_hash"]) + bytes.fromhex(proof["sightings"])
    record = base64.b64decode(proof["record"])
    found = leaf(hashlib.new(proof["hash_name"], before + record).digest())
    place, last, path = proof["seq"] - 1, checkpoint["seq"] - 1, iter(proof["path"])
    while last:
        if place & 1:
            found = node(bytes.fromhex(next(path, "")), found)
        elif place < last:
            found = node(found, bytes.fromhex(next(path, "")))
        place, last = place >> 1, last >> 1
    if found.hex() != checkpoint["root"] or json.loads(record)["seq"] != proof["seq"]:
        sys.exit(f"NOT valid: record {proof['seq']} is not in the checkpoint as it is shown")


def check_export(checkpoint: dict, lines: list[bytes]) -> None:
    """End unless the chain over the export leads to the root."""
    name, links, link = json.loads(lines[0])["hash_name"], [], bytes(32)
    tail = hashlib.new(name)
    for line in lines[1:]:
        told = json.loads(line)
        if told["kind"] == "sighting":
            actor, body = told["actor"].encode(), base64.b64decode(told["observation"])
            sizes = (told["input_no"], told["at_ms"], len(actor), len(body))
            tail.update(b"%d %d %d %d:" % sizes + actor + body)
        elif len(links) < checkpoint["seq"]:
            record = line.split(b'"record":', 1)[1][:-1]
            link = hashlib.new(name, link + tail.digest() + record).digest()
            links.append(link)
            tail = hashlib.new(name)
    if (len(links), root_of(links).hex()) != (checkpoint["seq"], checkpoint["root"]):
        sys.exit("NOT valid: the records of the export are not those of the checkpoint")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("checkpoint", "--key", "--proof", "--export"):
        parser.add_argument(option)
    asked = parser.parse_args()
    given = json.loads(Path(asked.checkpoint).read_bytes())
    check_signature(given, asked.key)
    if asked.proof:
        check_proof(given, json.loads(Path(asked.proof).read_bytes()))
    if asked.export:
        check_export(given, Path(asked.export).read_bytes().splitlines())
    sys.stdout.write(f"valid: records 1 to {given['seq']}, signed by {given['public_key']}\n")
