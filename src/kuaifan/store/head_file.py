"""The head file beside the log (链头文件): a second place that knows how far the log had come.

SQLite drops a torn or flipped end of its WAL without a word. The writer therefore notes the head
each second and at close, and a log that is shorter than its note is refused at open.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kuaifan.kernel.whole_file import replace_file
from kuaifan.store.log_error import LogError


class HeadMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head as noted (链头标记); hash: in hexadecimal."""

    seq: int
    input_no: int
    hash: str


def head_path(log_path: Path) -> Path:
    """Where the head of a log is noted."""
    return Path(f"{log_path}.head")


def write_head(log_path: Path, mark: HeadMark) -> None:
    """Note the head beside the log, durably."""
    write_mark(head_path(log_path), mark)


def write_mark(path: Path, mark: HeadMark) -> None:
    """Note a head durably: the file holds the old mark or the new one, never half of one."""
    replace_file(path, msgspec.json.encode(mark) + b"\n")


def find_head(log_path: Path) -> HeadMark | None:
    """Read the head noted beside a log; None where none was ever noted."""
    return find_mark(head_path(log_path))


def find_mark(path: Path) -> HeadMark | None:
    """Read a noted head; None where none was ever noted."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=HeadMark)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        raise LogError(
            f"{path} is damaged; run `kuaifan log verify`, then delete it to go on with the log"
        ) from None
    except OSError as error:
        raise LogError(
            f"{path} cannot be read ({error.strerror}); see to its disk, or name another place"
        ) from None


def is_shorter(mark: HeadMark, *, seq: int, input_no: int) -> bool:
    """Whether a log that ends so has less than was noted."""
    return seq < mark.seq or input_no < mark.input_no


def name_lost(end_seq: int, known_seq: int) -> str:
    """Say which records are missing of a log that ends too early."""
    if end_seq + 1 == known_seq:
        return f"record {known_seq} is missing"
    return f"records {end_seq + 1} to {known_seq} are missing"


def find_contradiction(mark: HeadMark, *, seq: int, input_no: int, stored: bytes | None) -> str:
    """Say why a log cannot be the one whose head was noted; '' when it can.

    seq, input_no: the end of the log. stored: the log's hash of record `mark.seq`, None if lost.
    """
    if seq < mark.seq:
        return (
            f"the log ends at seq {seq}, its head file knows of seq {mark.seq}: the end is lost, "
            f"{name_lost(seq, mark.seq)}"
        )
    if input_no < mark.input_no:
        return (
            f"the log ends at input {input_no}, its head file knows of input {mark.input_no}: "
            "the last positions are lost"
        )
    if mark.seq and (stored is None or stored.hex() != mark.hash):
        return f"record {mark.seq} is not the one that the head file knows"
    return ""
