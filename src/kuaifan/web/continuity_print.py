"""The board of a desk for paper (看板打印): everything one needs to go on without the system.

HTML without scripts, Chinese first; every text is escaped. Personal data are in it: it leaves the
server sealed only (continuity_seal.py).
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.board.call_view_rows import CallRow
from kuaifan.board.reference import CITY_DESK
from kuaifan.board.view_rows import AlarmRow, IncidentRow, OrderRow, UnitRow
from kuaifan.vocabulary.phone_book import EmergencyPhone
from kuaifan.web.continuity_words import STAMPS, state_zh
from kuaifan.web.view_store import Rows

MINUTE_MS: Final = 60_000


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a printed board is made of (看板内容); posts: names by id; now_ms: city time."""

    desk_id: str
    rows: Rows
    phones: Sequence[EmergencyPhone]
    posts: Mapping[str, str]
    zone: ZoneInfo
    now_ms: int


def print_board(sheet: Sheet) -> str:
    """The board as HTML, incidents first: most urgent, then longest waiting."""
    incidents = _incidents(sheet)
    own = {row.incident_id for row in incidents}
    return "".join(
        [
            _section(
                f"在办警情 {len(incidents)}",
                ("编号", "级", "类别", "地点", "状态", "立案", "已历", "报警人"),
                [line for row in incidents for line in _incident_lines(sheet, row)],
            ),
            _section(
                "待接来电", ("编号", "线路", "号码", "状态", "来电时间", "席位"), _calls(sheet)
            ),
            _section("警力", ("呼号", "状态", "警情", "人数", "带班", "驻点"), _units(sheet, own)),
            _section("告警", ("级", "内容", "起", "签收人"), _alarms(sheet, own)),
            _section("席位与电话", ("席位", "在席", "电话"), _seats(sheet)),
            _section("纸质单可用编号", ("编号段", "席", "未用"), _cards(sheet)),
        ]
    )


def _incidents(sheet: Sheet) -> list[IncidentRow]:
    rows = [each.row for each in sheet.rows["incidents"].values()]
    own = [row for row in rows if isinstance(row, IncidentRow) and _is_own(sheet, row)]
    return sorted(own, key=lambda row: (not row.is_waiting, row.priority, row.opened_at_ms))


def _is_own(sheet: Sheet, row: IncidentRow) -> bool:
    return sheet.desk_id in {CITY_DESK, row.desk_id, row.to_desk_id}


def _incident_lines(sheet: Sheet, row: IncidentRow) -> Iterable[str]:
    """The incident, its story, and a line for each order."""
    mark = " 【纸质补录】" if row.entered_at_ms else ""
    cells = (
        f"<b>{_said(row.incident_id)}</b>",
        f'<span class="level">{row.priority}</span>',
        _said(row.type_name) + mark,
        _said(row.address or ("未定位" if not row.is_placed else "")) + _point(row),
        _said(state_zh(row.state)) + _short(row),
        _at(sheet, row.opened_at_ms),
        f"{max(0, sheet.now_ms - row.opened_at_ms) // MINUTE_MS} 分",
        _callers(sheet, row),
    )
    yield _row(cells)
    if row.narrative:
        yield f'<tr class="orders"><td colspan="8">{_said(row.narrative)}</td></tr>'
    for order in row.orders:
        if order.state != "withdrawn":
            yield f'<tr class="orders"><td colspan="8">{_order(sheet, order)}</td></tr>'


def _short(row: IncidentRow) -> str:
    return f"（{row.n_sent}/{row.n_needed} 组）" if row.is_waiting and row.n_sent else ""


def _point(row: IncidentRow) -> str:
    return f' <span class="en">{row.lat:.5f},{row.lon:.5f}</span>' if row.is_placed else ""


def _callers(sheet: Sheet, row: IncidentRow) -> str:
    shown = (sheet.rows["calls"].get(call_id) for call_id in row.call_ids)
    calls = [each.row for each in shown if each is not None]
    found = [call for call in calls if isinstance(call, CallRow)]
    texts = (" ".join(filter(None, (call.caller_name, call.caller_number))) for call in found)
    return "<br>".join(_said(text) for text in texts if text)


def _order(sheet: Sheet, order: OrderRow) -> str:
    stamps = " ".join(
        f"{word} {_at(sheet, getattr(order, name))}"
        for name, word in STAMPS
        if getattr(order, name)
    )
    return f"→ <b>{_said(order.call_sign)}</b> {_said(state_zh(order.state))}　{stamps}"


def _calls(sheet: Sheet) -> list[str]:
    """Calls that ring, are talked without an incident, or wait to be called back."""
    rows = (each.row for each in sheet.rows["calls"].values())
    waiting = [
        row
        for row in rows
        if isinstance(row, CallRow)
        and (row.state in {"ringing", "talking"} or row.to_call_back)
        and not row.incident_id
        and (row.state == "ringing" or sheet.desk_id in {CITY_DESK, row.desk_id})
    ]
    waiting.sort(key=lambda row: row.t0_ms)
    return [
        _row(
            (
                _said(row.call_id),
                _said(row.line),
                _said(f"{row.caller_number} {row.caller_name}".strip()),
                "待回拨" if row.to_call_back else _said(state_zh(row.state)),
                _at(sheet, row.t0_ms),
                _said(row.seat_id),
            )
        )
        for row in waiting
    ]


def _units(sheet: Sheet, own: set[str]) -> list[str]:
    """Units of the desk and those at its incidents; at work first, then by call sign."""
    rows = (each.row for each in sheet.rows["units"].values())
    units = [
        row
        for row in rows
        if isinstance(row, UnitRow)
        and (sheet.desk_id in {CITY_DESK, row.desk_id} or row.incident_id in own)
    ]
    units.sort(key=lambda row: (not row.order_id, row.call_sign))
    return [
        _row(
            (
                f"<b>{_said(row.call_sign)}</b>",
                _said(state_zh(row.state)) + (" 紧急求助！" if row.emergency_id else ""),
                _said(row.incident_id),
                str(row.n_crew),
                _said(row.crew_name),
                _said(sheet.posts.get(row.post_id, row.post_id)),
            )
        )
        for row in units
    ]


def _alarms(sheet: Sheet, own: set[str]) -> list[str]:
    rows = (each.row for each in sheet.rows["alarms"].values())
    alarms = [
        row
        for row in rows
        if isinstance(row, AlarmRow) and (not row.incident_id or row.incident_id in own)
    ]
    alarms.sort(key=lambda row: (-row.level, row.since_ms))
    return [
        _row((str(row.level), _said(row.text_zh), _at(sheet, row.since_ms), _said(row.taken_up_by)))
        for row in alarms
    ]


def _seats(sheet: Sheet) -> list[str]:
    """Who sits where, then the numbers of the city's list."""
    manned: list[Any] = [each.row for each in sheet.rows["seats"].values()]
    seats = [
        _row(
            (
                _said(seat.seat_id),
                f"{_said(seat.person)} {_said(state_zh(seat.state))}",
                _said(seat.extension),
            )
        )
        for seat in sorted(manned, key=lambda seat: seat.seat_id)
        if sheet.desk_id in {CITY_DESK, seat.desk_id}
    ]
    phones = [
        _row((_said(each.name), "", f"<b>{_said(each.number)}</b>"))
        for each in sheet.phones
        if each.desk_id in {"", sheet.desk_id} or sheet.desk_id == CITY_DESK
    ]
    return [*phones, *seats]


def _cards(sheet: Sheet) -> list[str]:
    blocks: list[Any] = [each.row for each in sheet.rows["cards"].values()]
    return [
        _row(
            (
                f"J{block.first_no} – J{block.first_no + block.n_cards - 1}",
                _said(block.desk_id),
                str(block.n_cards - len(block.used)),
            )
        )
        for block in blocks
        if len(block.used) < block.n_cards and sheet.desk_id in {CITY_DESK, block.desk_id}
    ]


def _section(title: str, heads: Sequence[str], lines: Sequence[str]) -> str:
    if not lines:
        return f"<h2>{title}</h2><p>无</p>"
    head = "".join(f"<th>{each}</th>" for each in heads)
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f"<h2>{title}</h2><table>{body}</table>"


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _at(sheet: Sheet, at_ms: int) -> str:
    """HH:MM, with the day before it where that is another one."""
    if not at_ms:
        return ""
    at, now = (datetime.fromtimestamp(ms / 1000, sheet.zone) for ms in (at_ms, sheet.now_ms))
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%m-%d %H:%M}"


def _said(text: str) -> str:
    return html.escape(text)
