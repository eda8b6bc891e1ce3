"""`kuaifan log` (日志): how long it is, whether it is whole, what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from kuaifan.app.limits import within
from kuaifan.app.printing import print_json, print_lines

if TYPE_CHECKING:
    from kuaifan.store.verify import VerifyReport

app = App(name="log", help="Read and verify the decision log (决策日志).")
Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]


@app.command
def head(*, db: str, json: Json = False) -> int:
    """Say how far a log has come (日志头).

    Parameters
    ----------
    db
        Database URL of the log.
    """
    from kuaifan.app.database import existing_log
    from kuaifan.store.export import read_head

    found = read_head(existing_log(db))
    if json:
        print_json({"seq": found.seq, "input_no": found.input_no, "hash": found.hash.hex()})
    else:
        print_lines([f"record {found.seq:,}, input {found.input_no:,}, hash {found.hash.hex()}"])
    return 0


@app.command
def verify(*, db: str, anchor: Path | None = None, json: Json = False) -> int:
    """Compute the chain again and compare (核验); exit 1 at the first bad record.

    Parameters
    ----------
    db
        Database URL of the log.
    anchor
        Second place where its head was noted.
    """
    from kuaifan.app.database import existing_log
    from kuaifan.store.verify import verify_log

    report = verify_log(existing_log(db), anchor=anchor)
    if json:
        print_json(report)
    elif report.ok:
        print_lines(_verified(report))
    else:
        print_lines([f"NOT as written: {report.reason}"])
    return 0 if report.ok else 1


@app.command
def export(*, db: str, output: Annotated[Path, Parameter(name=["--output", "-o"])]) -> int:
    """Write a log as JSON lines (导出), personal texts sealed.

    Parameters
    ----------
    db
        Database URL of the log.
    output
        File to write.
    """
    from kuaifan.app.database import existing_log
    from kuaifan.store.export import export_log

    n_records = export_log(existing_log(db), output)
    print_lines([f"{n_records:,} records written to {output}"])
    return 0


@app.command
def rebuild(*, db: str, city: Path | None = None, json: Json = False) -> int:
    """Drop the read tables and fill them anew from the records (重建读表); no desk may be running.

    Parameters
    ----------
    db
        Database URL of the log.
    city
        Folder of its city; only if the log does not know it, or it was moved.
    """
    from kuaifan.app.rebuild import rebuild_log

    report = rebuild_log(db, city)
    if json:
        print_json(report)
    else:
        print_lines([f"{report.n_rows:,} rows made anew from {report.n_records:,} records"])
    return 0


@app.command
def checkpoint(*, db: str, output: Annotated[Path, Parameter(name=["--output", "-o"])]) -> int:
    """Sign a root over all records of now (检查点), to be kept in other hands.

    docs/verify_checkpoint.py checks it, and what was proved or exported, without Kuaifan.

    Parameters
    ----------
    db
        Database URL of the log; its key file signs.
    output
        File to write.
    """
    from kuaifan.app.checkpoints import write_checkpoint

    made = write_checkpoint(db, output)
    print_lines([f"records 1 to {made.seq:,} signed by {made.public_key}: {output}"])
    return 0


@app.command
def prove(
    *,
    db: str,
    seq: Annotated[int, within(1, 2**62)],
    checkpoint: Path | None = None,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
) -> int:
    """Prove that one record is in a checkpoint (包含证明); texts in it stay sealed.

    Parameters
    ----------
    db
        Database URL of the log.
    seq
        Which record.
    checkpoint
        A checkpoint that was handed out; without one, a new one is signed.
    output
        File to write.
    """
    from kuaifan.app.checkpoints import write_proof

    proof = write_proof(db, seq, checkpoint, output)
    print_lines(
        [f"record {seq:,} is among the {proof.checkpoint.seq:,} of the checkpoint: {output}"]
    )
    return 0


def _verified(report: VerifyReport) -> list[str]:
    keys = "the owners' keys were not compared: a log of format 1 keeps no digest of them"
    if report.n_keys is not None:
        keys = f"so are {report.n_keys:,} owners' keys, those destroyed by erasure included"
    return [
        (
            f"{report.n_records:,} records and {report.n_sightings:,} batches of positions "
            f"are as they were written, head {report.head_hash}"
        ),
        f"{keys}; the read tables are derived from the records and were not compared",
    ]
