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
    key_file: Path | None = None,
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
    key_file
        File with this machine's key, made with the right keep_boards (接入密钥).
    """
    from kuaifan.app.continuity_pull import PullOptions, run_pull

    options = PullOptions(url=url, folder=dir, desk_id=desk, hours=hours, once=once)
    if key_file is not None:
        from msgspec.structs import replace

        from kuaifan.gateway.phone_key import read_key

        options = replace(options, key=read_key(key_file).decode("ascii", "replace"))
    return run_pull(options)
