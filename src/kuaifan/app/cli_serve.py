"""`kuaifan serve` (启动服务): a desk for a city, on this machine unless told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from kuaifan.app.limits import within

if TYPE_CHECKING:
    from kuaifan.app.continuity_keeper import ContinuityOptions


def serve(  # noqa: PLR0913 - the options of the command
    *,
    city: Path,
    db: str,
    host: str = "127.0.0.1",
    port: int = 8110,
    continuity_dir: Path | None = None,
    continuity_passphrase_file: Path | None = None,
    continuity_hours: int = 24,
    phone_key_file: Path | None = None,
    phone_url: str | None = None,
    allow_host: list[str] | None = None,
    second_factor: Literal["all", "admins", "none"] = "admins",
    oidc_file: Path | None = None,
    stand_by: Annotated[float, within(3, 3_600)] | None = None,
) -> int:
    """Serve a desk for a city (启动指挥台).

    Parameters
    ----------
    city
        Folder of the city.
    db
        Database URL of the log; made where there is none.
    host
        Address to listen on; others than 127.0.0.1 let other machines in.
    port
        Port to listen on.
    continuity_dir
        Folder for a sealed, printable board of every desk, each minute (应急看板).
    continuity_passphrase_file
        File with the passphrase of the boards, readable by its owner only; without the folder,
        seats can fetch the latest board and nothing is kept here.
    continuity_hours
        Boards older than this are removed.
    phone_key_file
        Key that the telephone system signs its events with; else KUAIFAN_PHONE_KEY.
    phone_url
        Where the telephone system takes the desk's commands; else KUAIFAN_PHONE_URL.
    allow_host
        Name that people reach the desk by, such as desk.example.cn; any other is turned away.
    second_factor
        Who has to show a second factor (两步验证): everybody, administrators, or nobody.
    oidc_file
        TOML file that says how people log on at the city's identity service (统一身份登录).
    stand_by
        Wait while another desk writes the log, and take over when it ends, or when nothing was
        heard of it for so many seconds (PostgreSQL; 10 is a good number).
    """
    from kuaifan.app.database import log_place
    from kuaifan.app.door import DoorOptions
    from kuaifan.app.phone import PhoneOptions
    from kuaifan.app.serve import ServeOptions
    from kuaifan.app.serve import serve as serve_desk

    boards = _boards(continuity_dir, continuity_passphrase_file, continuity_hours)
    phone = PhoneOptions(key_file=phone_key_file, url=phone_url)
    door = DoorOptions(
        second_factor=second_factor, hosts=(host, *(allow_host or ())), oidc_file=oidc_file
    )
    options = ServeOptions(
        city=city,
        log=log_place(db),
        host=host,
        port=port,
        phone=phone,
        boards=boards,
        stand_by_s=stand_by,
        door=door,
    )
    return serve_desk(options)


def _boards(
    folder: Path | None, passphrase_file: Path | None, hours: int
) -> ContinuityOptions | None:
    from kuaifan.app.continuity_keeper import ContinuityOptions
    from kuaifan.kernel.errors import BadInputError

    if passphrase_file is None:
        if folder is not None:
            raise BadInputError("--continuity-dir needs --continuity-passphrase-file")
        return None
    if hours < 1:
        raise BadInputError(f"--continuity-hours {hours} keeps nothing: give 1 or more")
    return ContinuityOptions(passphrase_file=passphrase_file, folder=folder, hours=hours)


def demo(
    *,
    city: Path | None = None,
    speed: float = 10.0,
    host: str = "127.0.0.1",
    port: int = 8110,
    folder: Path = Path("demo"),
    phone_key_file: Path | None = None,
    phone_url: str | None = None,
) -> int:
    """Show a living city (演示): the real desk, simulated people, each seat yours to take.

    Parameters
    ----------
    city
        City folder to bring to life; without one, an invented city is made once.
    speed
        City seconds in a real one, 1 to 60.
    host
        Address to listen on.
    port
        Port to listen on.
    folder
        Where the demo keeps its city and its log.
    phone_key_file
        Key that a telephone system signs its events with; else KUAIFAN_PHONE_KEY.
    phone_url
        Where the telephone system takes the desk's commands; else KUAIFAN_PHONE_URL.
    """
    from kuaifan.app.demo import DemoOptions, run_demo
    from kuaifan.app.phone import PhoneOptions

    phone = PhoneOptions(key_file=phone_key_file, url=phone_url)
    return run_demo(
        DemoOptions(folder=folder, city=city, speed=speed, host=host, port=port, phone=phone)
    )
