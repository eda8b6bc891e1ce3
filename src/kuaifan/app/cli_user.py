"""`kuaifan user` (账号): made, listed, ended and released on the machine of the desk itself.

Whoever may write the log's folder may do this; each act is an entry of the log all the same,
written as soon as the desk runs.
"""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import App, Parameter

from kuaifan.app.printing import print_json, print_lines

if TYPE_CHECKING:
    from kuaifan.app.account_desk import AccountDesk
    from kuaifan.web.people import Act

app = App(name="user", help="Who may log on (账号).")
T = TypeVar("T")
Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]


@app.command
def add(
    name: str,
    *,
    db: str,
    role: list[str],
    desk: str = "city",
    unit: str = "",
    display_name: str = "",
) -> int:
    """Make an account and print the link that sets its password, good once, for a day (新增账号).

    Parameters
    ----------
    name
        The name to log on with.
    db
        Database URL of the log.
    role
        What the person may do; give it several times for several roles.
    desk
        The desk it works for; `city` sees every desk.
    unit
        Of a crew: its unit; without one the crew says so at each log-on.
    display_name
        The person's name as colleagues see it.
    """
    import msgspec

    from kuaifan.kernel.errors import BadInputError
    from kuaifan.web.people import NewAccount

    fields = {
        "name": name,
        "roles": role,
        "desk_id": desk,
        "unit_id": unit,
        "display_name": display_name,
    }
    try:
        asked = msgspec.convert(fields, NewAccount)
    except msgspec.ValidationError as error:
        raise BadInputError(f"the account {name!r} cannot be made: {error}") from None
    link = _done(db, lambda people, by: people.add(asked, by))
    print_lines([f"{name}: open within a day  <address of the desk>/login#link={link}"])
    return 0


@app.command(name="list")
def list_users(*, db: str, json: Json = False) -> int:
    """List the accounts (账号列表).

    Parameters
    ----------
    db
        Database URL of the log.
    """
    rows = _done(db, lambda people, _by: people.list_accounts())
    if json:
        print_json({"accounts": rows})
        return 0
    marks = {"disabled": "is_disabled", "locked": "is_locked", "2FA": "has_second_factor"}
    for row in rows:
        said = [mark for mark, field in marks.items() if getattr(row, field)]
        roles = ", ".join(row.roles)
        print_lines([f"{row.name}  {row.display_name}  {row.desk_id}  {roles}  {' '.join(said)}"])
    return 0


@app.command
def disable(name: str, *, db: str) -> int:
    """End an account and whatever it has open; it stays in the list (停用账号).

    Parameters
    ----------
    name
        The account.
    db
        Database URL of the log.
    """
    return _acted("disable", name, db)


@app.command
def enable(name: str, *, db: str) -> int:
    """Let an account in again (恢复账号).

    Parameters
    ----------
    name
        The account.
    db
        Database URL of the log.
    """
    return _acted("enable", name, db)


@app.command
def release(name: str, *, db: str) -> int:
    """Release an account that was locked by wrong tries (解除锁定).

    Parameters
    ----------
    name
        The account.
    db
        Database URL of the log.
    """
    return _acted("release", name, db)


@app.command
def link(name: str, *, db: str) -> int:
    """Print a new link that sets the password, good once, for a day (重置口令链接).

    Parameters
    ----------
    name
        The account.
    db
        Database URL of the log.
    """
    return _acted("link", name, db)


def _acted(act: Act, name: str, db: str) -> int:
    from kuaifan.web.people import NewAccount

    asked = NewAccount(name=name, roles=())
    made = _done(db, lambda people, by: people.act(act, asked, by))
    print_lines([f"{name}: <address of the desk>/login#link={made}" if made else f"{name}: {act}"])
    return 0


def _done(db: str, do: Callable[[AccountDesk, str], T]) -> T:
    """Do something to the accounts; its entries wait beside them for the desk to write."""
    import msgspec

    from kuaifan.app.account_desk import AccountDesk
    from kuaifan.app.database import log_place
    from kuaifan.kernel.errors import BadInputError
    from kuaifan.store.accounts import Accounts, accounts_path
    from kuaifan.store.log_place import files_of
    from kuaifan.store.master_key import MasterKey
    from kuaifan.web.problems import Problem

    path = accounts_path(files_of(log_place(db)))
    if not path.parent.is_dir():
        raise BadInputError(f"there is no folder {path.parent}: check --db")
    accounts = Accounts(path)
    # Nothing here opens a second factor, so that no key is needed.
    people: AccountDesk = AccountDesk(
        accounts,
        lambda command, actor: accounts.note(actor, msgspec.json.encode(command).decode()),
        master_key=MasterKey(bytes(32)),
        now_ms=lambda: time.time_ns() // 1_000_000,
    )
    try:
        return do(people, f"host:{getpass.getuser()}")
    except Problem as problem:
        raise BadInputError(str(problem.body["reason_en"])) from None
    finally:
        accounts.close()
