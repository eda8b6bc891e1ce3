"""`kuaifan continuity` (应急连续性): boards that stay when the server is gone."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

app = App(name="continuity", help="Boards that stay readable when the server is gone (应急看板).")


@app.command
def pull(
    *,
    url: str,
    dir: Path,  # noqa: A002 - the option is --dir
    desk: str = "city",
    hours: int = 72,
    once: bool = False,
) -> int:
    """Fetch a desk's sealed board each minute and keep it on this machine (取回应急看板).

    To be run on the desk's own machine. A server that does not answer is said and asked again;
    what was fetched stays, and opens in any browser with the passphrase.

    Parameters
    ----------
    url
        Address of the server, such as http://desk:8110.
    dir
        Folder on this machine; made where there is none.
    desk
        Whose board.
    hours
        Boards older than this are removed, never the latest.
    once
        Fetch one and end: exit 0 if a new one came and is kept, 1 if not.
    """
    from kuaifan.app.continuity_pull import PullOptions, run_pull

    return run_pull(PullOptions(url=url, folder=dir, desk_id=desk, hours=hours, once=once))
