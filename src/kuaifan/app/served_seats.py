"""The special seats that are served (在用专席): the installed ones that have a page."""

from __future__ import annotations

from collections.abc import Iterable

from kuaifan.app.rules import installed_plugins
from kuaifan.board.seat_check import rights_of_page, seat_of
from kuaifan.kernel.plugins import Plugin
from kuaifan.web.seat_rows import SeatHere


def installed_seats() -> tuple[SeatHere, ...]:
    """The special seats of this installation that have a page."""
    return list_seats(installed_plugins())


def list_seats(plugins: Iterable[Plugin]) -> tuple[SeatHere, ...]:
    """The special seats among plug-ins that have a page, each with what its page needs."""
    return tuple(
        SeatHere(
            seat_id=plugin.plugin_id,
            seat=seat,
            views=plugin.views,
            rights=rights_of_page(plugin, seat),
        )
        for plugin in plugins
        if (seat := seat_of(plugin)) is not None
    )
