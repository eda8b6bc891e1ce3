"""The register (重点企业名录): firms added, changed, retired one by one, or as a table at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, Final, get_args

import msgspec

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.state import Board
from kuaifan.geo.polygons import ring_contains
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.enterprise import words
from kuaifan.seats.enterprise.papers import SEAT_ID, Enterprise, Firm, FirmKind, closed

COLUMNS: Final = (
    *("kind", "name", "lat", "lon", "radius_m", "phones", "leader", "chief", "officer"),
    "ring",
)
"""Of the table; semicolons part phones, and corners of the ring: `lat lon;lat lon`."""
MAX_FIRMS: Final = 5_000
MIN_CORNERS: Final = 3
SEARCHED_PHONE: Final = 5
"""A number of fewer digits is a service's, and would match half the city."""


def slice_of(board: Board) -> Enterprise:
    """The seat's own part of the board."""
    mine: Enterprise = board.seats[SEAT_ID]
    return mine


def get_firm(board: Board, firm_id: str) -> Firm:
    """Return a firm of the register, or refuse: unknown_firm."""
    firm = slice_of(board).firms.get(firm_id)
    if firm is None:
        raise Refused(
            "unknown_firm",
            f"名录中没有企业 {firm_id}，或已撤出",
            f"there is no firm {firm_id} in the register, or it has left",
        )
    return firm


def add_firm(board: Board, command: words.AddFirm, _now_ms: int) -> list[Event]:
    """One firm more."""
    need_name(command.by)
    mine = slice_of(board)
    firm = Firm(
        firm_id=f"F{mine.n_firms + 1}",
        kind=command.kind,
        name=command.name.strip(),
        lat=float(command.lat),
        lon=float(command.lon),
        radius_m=command.radius_m,
        ring=command.ring,
        phones=split_phones(command.phone),
        leader=command.leader.strip(),
        chief=command.chief.strip(),
        officer=command.officer.strip(),
        valid_from_ms=command.valid_from_ms,
        valid_to_ms=command.valid_to_ms,
    )
    check_firm(mine, firm)
    _refuse_full(len(mine.firms) + 1)
    return [words.FirmPut(firm=firm, is_new=True, by=command.by)]


def change_firm(board: Board, command: words.ChangeFirm, _now_ms: int) -> list[Event]:
    """Its papers change; what is under way stays with whom it was sent to."""
    firm = get_firm(board, command.firm_id)
    need_name(command.by)
    told: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name in Firm.__struct_fields__
        if name != "firm_id" and (value := getattr(command, name, None)) is not None
    }
    if command.phone is not None:
        told["phones"] = split_phones(command.phone)
    changed = msgspec.structs.replace(firm, **told)
    if changed == firm:
        raise Refused(
            "nothing_new",
            f"企业 {firm.firm_id} 的登记没有变化",
            f"nothing is changed of firm {firm.firm_id}",
        )
    check_firm(slice_of(board), changed)
    return [words.FirmPut(firm=changed, is_new=False, by=command.by)]


def retire_firm(board: Board, command: words.RetireFirm, _now_ms: int) -> list[Event]:
    """Out of the register; its incidents go on."""
    firm = get_firm(board, command.firm_id)
    need_name(command.by)
    need_reason(command.reason)
    return [words.FirmRetired(firm_id=firm.firm_id, reason=command.reason, by=command.by)]


def import_firms(board: Board, command: words.ImportFirms, _now_ms: int) -> list[Event]:
    """A whole table: each line a firm, by its name; one bad line and nothing is taken."""
    need_name(command.by)
    mine, seen, n_new = slice_of(board), set[str](), 0
    told: list[Event] = []
    for line_no, row in _read_table(command.table):
        name = (row["name"] or "").strip()
        if name in seen:
            raise _bad_line(line_no, f"企业“{name}”重复", f"{name} stands there twice")
        seen.add(name)
        known = mine.by_name.get(name)
        n_new += known is None
        firm = _read_firm(mine, row, known or f"F{mine.n_firms + n_new}", line_no)
        if firm != mine.firms.get(firm.firm_id):
            told.append(words.FirmPut(firm=firm, is_new=known is None, by=command.by))
    _refuse_full(len(mine.firms) + n_new)
    if not told:
        raise Refused("nothing_new", "名录没有变化", "nothing in the table is new")
    return told


def _read_table(table: str) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    reader = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    missing = [each for each in COLUMNS[:-1] if each not in (reader.fieldnames or ())]
    if missing:
        raise Refused(
            "no_columns",
            f"名录缺少列：{'、'.join(missing)}",
            f"the table has no column {', '.join(missing)}",
        )
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise _bad_line(reader.line_num, "无法读取", str(error)) from error


def _read_firm(mine: Enterprise, row: Mapping[str, str | None], firm_id: str, line_no: int) -> Firm:
    text = {name: (row.get(name) or "").strip() for name in COLUMNS}
    known = mine.firms.get(firm_id)
    try:
        firm = Firm(
            firm_id=firm_id,
            kind=_read_kind(text["kind"]),
            name=text["name"],
            lat=float(text["lat"]),
            lon=float(text["lon"]),
            radius_m=int(text["radius_m"]),
            ring=_read_ring(text["ring"]),
            phones=split_phones(text["phones"]),
            leader=text["leader"],
            chief=text["chief"],
            officer=text["officer"],
            valid_from_ms=known.valid_from_ms if known else 0,
            valid_to_ms=known.valid_to_ms if known else 0,
        )
    except ValueError as error:
        raise _bad_line(line_no, "数值无法读取", str(error)) from error
    try:
        check_firm(mine, firm)
    except Refused as refused:
        raise _bad_line(line_no, refused.reason_zh, refused.reason_en) from refused
    return firm


def _read_kind(text: str) -> FirmKind:
    for kind in get_args(FirmKind):
        if text == kind:
            found: FirmKind = kind
            return found
    raise ValueError(f"kind {text!r} is neither firm nor project")


def _read_ring(text: str) -> tuple[tuple[float, float], ...]:
    corners = []
    for corner in filter(None, (each.strip() for each in text.split(";"))):
        lat, lon = corner.split()
        corners.append((float(lat), float(lon)))
    return tuple(corners)


def check_firm(mine: Enterprise, firm: Firm) -> None:
    """Refuse a firm that cannot be looked after: a name, a place or an outline is bad."""
    need_name(firm.name, zh="须填写企业名称", en="give the name of the firm")
    need_name(
        *(firm.leader, firm.chief, firm.officer),
        zh="须填写包保局领导、所队长、民警三人姓名",
        en="name all three: the leader, the station chief and the officer",
    )
    if mine.by_name.get(firm.name, firm.firm_id) != firm.firm_id:
        raise Refused(
            "firm_exists",
            f"名录中已有“{firm.name}”（{mine.by_name[firm.name]}）",
            f"{firm.name} is in the register as {mine.by_name[firm.name]} already",
        )
    if not (_is_degrees(firm.lat, 90) and _is_degrees(firm.lon, 180)):
        raise Refused(
            "bad_place",
            f"企业“{firm.name}”经纬度超出范围：{firm.lat:g}, {firm.lon:g}；"
            "纬度须在 -90 至 90、经度须在 -180 至 180 之间",
            f"{firm.name} cannot lie at {firm.lat:g}, {firm.lon:g}: "
            "latitudes are -90 to 90, longitudes -180 to 180",
        )
    if not MIN_RADIUS_M <= firm.radius_m <= MAX_RADIUS_M:
        raise Refused(
            "bad_radius",
            f"企业“{firm.name}”半径须为 {MIN_RADIUS_M}–{MAX_RADIUS_M} 米，"
            f"不能是 {firm.radius_m} 米",
            f"the radius of {firm.name} is {MIN_RADIUS_M} to {MAX_RADIUS_M} m, not {firm.radius_m}",
        )
    if firm.valid_to_ms and firm.valid_to_ms <= firm.valid_from_ms:
        raise Refused("bad_dates", "有效期止须晚于起", "it ends before it begins")
    _check_ring(firm)
    _check_phones(firm.phones)


MIN_RADIUS_M: Final = 10
MAX_RADIUS_M: Final = 3_000
MAX_SPAN_DEG: Final = 0.2
"""About 20 km: a longer outline is no firm's."""


def _is_degrees(value: float, most: int) -> bool:
    return isfinite(value) and abs(value) <= most


def _check_ring(firm: Firm) -> None:
    if not firm.ring:
        return
    lats, lons = zip(*firm.ring, strict=True)
    spans = (max(lats) - min(lats), max(lons) - min(lons))
    fits = MIN_CORNERS <= len(firm.ring) <= words.MAX_CORNERS and max(spans) <= MAX_SPAN_DEG
    if not (fits and ring_contains(closed(firm.ring), lat=firm.lat, lon=firm.lon)):
        raise Refused(
            "bad_ring",
            "边界须至少三点、跨度不超过 20 公里，且包含企业位置",
            "an outline has three corners or more, within 20 km, around the firm's place",
        )


def _check_phones(phones: tuple[str, ...]) -> None:
    for each in phones:
        if not each.isascii() or not each.isdecimal() or len(each) < SEARCHED_PHONE:
            raise Refused(
                "bad_phone",
                f"电话 {each} 须为至少 5 位数字",
                f"{each} is no telephone number: five digits or more",
            )
    if len(phones) > words.MAX_PHONES:
        raise Refused("bad_phone", "电话最多 20 个", "twenty telephone numbers at most")


def split_phones(text: str) -> tuple[str, ...]:
    """Numbers parted by semicolons or commas, without blanks and dashes, each once."""
    parts = text.replace("；", ";").replace("，", ";").replace(",", ";").split(";")
    return tuple(dict.fromkeys(filter(None, map(clean_phone, parts))))


def clean_phone(text: str) -> str:
    """A number as it is looked up."""
    plain = text.strip().replace(" ", "").replace("-", "")
    return plain.removeprefix("+86")


def _refuse_full(n_firms: int) -> None:
    if n_firms > MAX_FIRMS:
        raise Refused(
            "register_full",
            f"企业名录最多 {MAX_FIRMS} 家，须先撤出不再护航的企业",
            f"the register holds {MAX_FIRMS} firms at most: retire one first",
        )


def _bad_line(line_no: int, zh: str, en: str) -> Refused:
    return Refused("bad_line", f"名录第 {line_no} 行：{zh}", f"line {line_no} of the table: {en}")
