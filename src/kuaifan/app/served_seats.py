"""The special seats that are served (在用专席): those with a page, and their simulated people."""

from __future__ import annotations

from collections.abc import Iterable

from kuaifan.app.rules import installed_plugins
from kuaifan.board.public_page import PublicPage
from kuaifan.board.seat_check import rights_of_page, seat_of, told_events
from kuaifan.kernel.plugins import Plugin, PluginError
from kuaifan.twin.seat_people import SeatActor
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
            told=told_events(plugin, seat),
        )
        for plugin in plugins
        if (seat := seat_of(plugin)) is not None
    )


def installed_public_page() -> PublicPage | None:
    """The page of links of this installation, None where nothing gives one."""
    return find_public_page(installed_plugins())


def find_public_page(plugins: Iterable[Plugin]) -> PublicPage | None:
    """The page of links among plug-ins; raises PluginError for two, or for what is none."""
    given = [plugin for plugin in plugins if plugin.public_page is not None]
    for plugin in given:
        if not isinstance(plugin.public_page, PublicPage):
            raise PluginError(f"{plugin.origin}: PUBLIC_PAGE is no board.public_page.PublicPage")
    if len(given) > 1:
        named = " and ".join(plugin.origin for plugin in given)
        raise PluginError(f"{named} both give a PUBLIC_PAGE; leave one of them out")
    return given[0].public_page if given else None


def seat_actors() -> tuple[SeatActor, ...]:
    """What simulated people at the special seats of this installation do."""
    return list_actors(installed_plugins())


def list_actors(plugins: Iterable[Plugin]) -> tuple[SeatActor, ...]:
    """What simulated people at the special seats among plug-ins do."""
    return tuple(
        SeatActor(plugin.plugin_id, event, act)
        for plugin in plugins
        if plugin.kind == "seats"
        for event, act in plugin.actors.items()
    )
