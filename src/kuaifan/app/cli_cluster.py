"""`kuaifan cluster` (双机集群): a centre of two nodes on this machine, to try what fails."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

app = App(name="cluster", help="Two databases, two desks, one address, on this machine (双机集群).")
FOLDER = Path("cluster")


@app.command
def run(*, folder: Path = FOLDER) -> int:
    """Start a cluster (集群) and keep it until Ctrl-C; a new, empty log each time.

    Parameters
    ----------
    folder
        Where everything of it lies; what an earlier cluster left there is removed.
    """
    from kuaifan.app.cluster import run_cluster

    return run_cluster(folder)


@app.command
def stop(*, folder: Path = FOLDER) -> int:
    """Stop the cluster (集群) of a folder; exit 1 where none runs.

    Parameters
    ----------
    folder
        Its folder.
    """
    from kuaifan.app.cluster import stop_cluster

    return stop_cluster(folder)
