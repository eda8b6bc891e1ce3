"""`kuaifan serve` (启动服务): a desk for a city, on this machine unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from kuaifan.app.limits import within

if TYPE_CHECKING:
    from kuaifan.app.continuity_keeper import ContinuityOptions
    from kuaifan.web.server_options import ServerOptions


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ReachFlags:
    """Where the desk is reached, and who is believed there.

    Parameters
    ----------
    host
        Address to listen on; others than 127.0.0.1 let other machines in.
    port
        Port to listen on.
    allow_host
        Name that people reach the desk by, such as desk.example.cn; any other is turned away.
    tls_cert
        PEM file of a certificate with its chain, for TLS without a proxy (加密传输).
    tls_key
        PEM file of its key, without a passphrase.
    trust_proxy
        Address or network of a proxy whose X-Forwarded-For and -Proto are believed.
    drain
        Seconds that a desk that is told to stop answers on, and says at /readyz that it is not
        ready, so that a proxy sends people elsewhere; a second signal ends it at once.
    """

    host: str = "127.0.0.1"
    port: int = 8110
    allow_host: list[str] | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trust_proxy: list[str] | None = None
    drain: Annotated[float, within(0, 300)] = 0.0


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class LogFlags:
    """How the log is kept.

    Parameters
    ----------
    stand_by
        Wait while another desk writes the log, and take over when it ends, or when nothing was
        heard of it for so many seconds (PostgreSQL; 10 is a good number).
    anchor
        File on another disk where the head of the log is noted each second, and compared at start.
    accept_shorter_log
        Go on with a log that is shorter than was noted, after a restore or a lost end; logged.
    suite
        Ciphers and digests of a new log (密码套件): standard is AES-GCM and SHA-256, sm is SM4-GCM
        and SM3 (国密). A log that is there keeps its own.
    """

    stand_by: Annotated[float, within(3, 3_600)] | None = None
    anchor: Path | None = None
    accept_shorter_log: Annotated[bool, Parameter(negative="")] = False
    suite: Literal["standard", "sm"] | None = None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class BoardFlags:
    """What is kept for the time when the desk is down (应急看板).

    Parameters
    ----------
    continuity_dir
        Folder for a sealed, printable board of every desk, each minute (应急看板).
    continuity_passphrase_file
        File with the passphrase of the boards, readable by its owner only; without the folder,
        seats can fetch the latest board and nothing is kept here.
    continuity_hours
        Boards older than this are removed.
    """

    continuity_dir: Path | None = None
    continuity_passphrase_file: Path | None = None
    continuity_hours: int = 24


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class PhoneFlags:
    """Who is told outside: the telephone system (电话), other services (联动部门).

    Parameters
    ----------
    phone_key_file
        Key that the telephone system signs its events with; else KUAIFAN_PHONE_KEY.
    phone_url
        Where the telephone system takes the desk's commands; else KUAIFAN_PHONE_URL.
    services_file
        TOML file that says where other services such as 119 are told; else KUAIFAN_SERVICES.
    open311_file
        TOML file of who may hand requests over by Open311; else KUAIFAN_OPEN311.
    """

    phone_key_file: Path | None = None
    phone_url: str | None = None
    services_file: Path | None = None
    open311_file: Path | None = None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class DoorFlags:
    """How people get in (登录), and what is told of them.

    Parameters
    ----------
    second_factor
        Who has to show a second factor (两步验证): everybody, administrators, or nobody.
    oidc_file
        TOML file that says how people log on at the city's identity service (统一身份登录).
    log_level
        What is written on standard error, a JSON object a line: info tells every request.
    """

    second_factor: Literal["all", "admins", "none"] = "admins"
    oidc_file: Path | None = None
    log_level: Literal["info", "warning", "error"] = "warning"


def serve(
    *,
    city: Path,
    db: str,
    reach: ReachFlags = ReachFlags(),
    log: LogFlags = LogFlags(),
    boards: BoardFlags = BoardFlags(),
    phone: PhoneFlags = PhoneFlags(),
    door: DoorFlags = DoorFlags(),
) -> int:
    """Serve a desk for a city (启动指挥台).

    Parameters
    ----------
    city
        Folder of the city.
    db
        Database URL of the log; made where there is none.
    """
    from kuaifan.app.collector import building_up

    with building_up():
        from kuaifan.app.database import log_place
        from kuaifan.app.door import DoorOptions
        from kuaifan.app.phone import PhoneOptions
        from kuaifan.app.serve import ServeOptions
        from kuaifan.app.serve import serve as serve_desk

        options = ServeOptions(
            city=city,
            log=log_place(db),
            host=reach.host,
            port=reach.port,
            phone=PhoneOptions(key_file=phone.phone_key_file, url=phone.phone_url),
            services_file=phone.services_file,
            open311_file=phone.open311_file,
            boards=_boards(boards),
            stand_by_s=log.stand_by,
            anchor=log.anchor,
            accepts_shorter=log.accept_shorter_log,
            suite=log.suite,
            server=_server(reach, door),
            door=DoorOptions(
                second_factor=door.second_factor,
                hosts=(reach.host, *(reach.allow_host or ())),
                oidc_file=door.oidc_file,
            ),
        )
        return serve_desk(options)


def _server(reach: ReachFlags, door: DoorFlags) -> ServerOptions:
    from kuaifan.web.server_options import ServerOptions

    return ServerOptions(
        tls_cert=reach.tls_cert,
        tls_key=reach.tls_key,
        trusted_proxies=tuple(reach.trust_proxy or ()),
        log_level=door.log_level,
        drain_s=reach.drain,
    )


def _boards(flags: BoardFlags) -> ContinuityOptions | None:
    from kuaifan.app.continuity_keeper import ContinuityOptions
    from kuaifan.kernel.errors import BadInputError

    folder, hours = flags.continuity_dir, flags.continuity_hours
    if flags.continuity_passphrase_file is None:
        if folder is not None:
            raise BadInputError("--continuity-dir needs --continuity-passphrase-file")
        return None
    if hours < 1:
        raise BadInputError(f"--continuity-hours {hours} keeps nothing: give 1 or more")
    return ContinuityOptions(
        passphrase_file=flags.continuity_passphrase_file, folder=folder, hours=hours
    )


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
