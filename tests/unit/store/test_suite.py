"""A log is sealed and linked by the suite it was made with; SM4-GCM as published."""

from __future__ import annotations

import hashlib
import hmac
import threading
from pathlib import Path

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from unit.store.toy_desk import BUILD, CODEC, RULES, Board, OpenCase, write_log

from kuaifan.store.draws import N_DRAWN, Draws
from kuaifan.store.export import ExportHeader, export_log
from kuaifan.store.log_error import LogError
from kuaifan.store.master_key import (
    NONCE_BYTES,
    KeyedDigest,
    MasterKey,
    create_key,
    default_key_path,
    load_key,
)
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.suite import SM, STANDARD, Sm4Gcm, get_suite
from kuaifan.store.verify import verify_log

CASES = [OpenCase(title="t", caller=f"1380000000{i}") for i in range(5)]
needs_sm3 = pytest.mark.skipif(
    "sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3"
)


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    """Appendix A.1 of the RFC."""
    sm4 = Sm4Gcm(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce, about = bytes.fromhex("00001234567800000000abcd"), "feedfacedeadbeef" * 2 + "abaddad2"
    plain = bytes.fromhex("".join(letter * 16 for letter in "abcdefea"))
    sealed = sm4.encrypt(nonce, plain, bytes.fromhex(about))
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert sm4.decrypt(nonce, sealed, bytes.fromhex(about)) == plain


def test_sm4_gcm_opens_nothing_that_was_changed_or_cut() -> None:
    sm4 = Sm4Gcm(bytes(16))
    sealed = sm4.encrypt(bytes(12), b"words", b"about")
    with pytest.raises(InvalidTag):
        sm4.decrypt(bytes(12), bytes([sealed[0] ^ 1]) + sealed[1:], b"about")
    with pytest.raises(InvalidTag):
        sm4.decrypt(bytes(12), sealed, b"another")
    with pytest.raises(ValueError, match="tag"):
        sm4.decrypt(bytes(12), sealed[:9], b"about")


@needs_sm3
def test_sm3_is_that_of_gb_t_32905() -> None:
    digest = hashlib.new("sm3", b"abc").hexdigest()
    assert digest == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@needs_sm3
def test_a_log_of_the_national_suite_is_written_read_found_folded_and_verified(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.db"
    write_log(path, CASES, suite="sm")
    assert verify_log(path).ok
    assert load_key(default_key_path(path)).suite is SM
    with LogReader(path, CODEC) as reader:
        assert (reader.meta["suite"], reader.meta["hash_name"]) == ("sm", "sm3")
        assert len(reader.list_row_ids("case", "13800000003")) == 1
        board = recover(reader, RULES, Board, build=BUILD).board
        assert [case.caller for case in board.cases.values()] == [c.caller for c in CASES]
        assert list(reader.read_records())


@needs_sm3
def test_a_log_of_the_national_suite_is_erased_and_exported_too(tmp_path: Path) -> None:
    path, out = tmp_path / "log.db", tmp_path / "out.jsonl"
    write_log(path, CASES, suite="sm")
    with open_log(path, CODEC) as journal:
        journal.erase_owner("case", "C1")
    export_log(path, out)
    header = msgspec.json.decode(out.read_bytes().split(b"\n")[0], type=ExportHeader)
    assert (header.suite, header.hash_name) == ("sm", "sm3")
    assert verify_log(path).ok


@needs_sm3
def test_a_log_keeps_the_suite_it_was_made_with(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    write_log(path, CASES)
    with pytest.raises(LogError, match="is of the cipher suite standard and stays so"):
        open_log(path, CODEC, LogOptions(suite="sm"))
    open_log(path, CODEC, LogOptions(suite="standard")).close()


@needs_sm3
def test_a_key_of_one_suite_is_none_of_the_other(tmp_path: Path) -> None:
    made = create_key(tmp_path / "sm.key", SM)
    assert load_key(tmp_path / "sm.key").check == made.check
    assert MasterKey(bytes(32), SM).check != MasterKey(bytes(32), STANDARD).check


def test_an_unknown_suite_is_refused_in_a_sentence() -> None:
    with pytest.raises(LogError, match="no cipher suite 'des': it is standard or sm"):
        get_suite("des")


@pytest.mark.parametrize("hash_name", ["sha256", pytest.param("sm3", marks=needs_sm3)])
def test_the_keyed_digest_is_that_of_the_standard(hash_name: str) -> None:
    key = bytes(range(32))
    keyed = KeyedDigest(key, hash_name)
    for text in (b"", b"13800138000", b"x" * 64, b"y" * 5_000):
        assert keyed.digest(text) == hmac.digest(key, text, hash_name)


def test_no_nonce_is_handed_out_twice() -> None:
    nonces = Draws(NONCE_BYTES)
    taken: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(nonces.take() for _ in range(3 * N_DRAWN)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == len(taken) == 9 * N_DRAWN
    assert {len(nonce) for nonce in taken} == {NONCE_BYTES}
