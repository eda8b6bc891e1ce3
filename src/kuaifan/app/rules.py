"""The rulebook and the codec of a build (规则与编解码): the core, then the plug-ins by id."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from kuaifan import vocabulary
from kuaifan.board import (
    fold_access,
    fold_alarms,
    fold_approvals,
    fold_broadcasts,
    fold_calls,
    fold_complaints,
    fold_desks,
    fold_facts,
    fold_intake,
    fold_items,
    fold_keeping,
    fold_kinship,
    fold_major,
    fold_orders,
    fold_overlays,
    fold_paper,
    fold_phone,
    fold_photos,
    fold_plans,
    fold_premises,
    fold_recall,
    fold_reinforce,
    fold_roads,
    fold_settings,
    fold_units,
    outbox,
    undoable,
)
from kuaifan.board.fold_positions import fold_fixes
from kuaifan.board.reference import Reference
from kuaifan.board.scope import about_of, rows_of, scope_of
from kuaifan.board.seat_check import admit_seats
from kuaifan.board.seat_consents import list_consents
from kuaifan.board.state import Board
from kuaifan.board.versions import version_of
from kuaifan.kernel.codec import Codec
from kuaifan.kernel.message import Command
from kuaifan.kernel.plugins import DECLARATIONS, Plugin, PluginError, find_all_plugins
from kuaifan.kernel.rulebook import Rulebook, Rules
from kuaifan.vocabulary.history import UPCASTERS
from kuaifan.work import (
    dispatch,
    dispatch_agencies,
    dispatch_amend,
    dispatch_broadcast,
    dispatch_divert,
    dispatch_found,
    dispatch_major,
    dispatch_move_up,
    dispatch_reinforce,
    dispatch_schedule,
    handle,
    handle_photos,
    intake,
    intake_complaints,
    intake_desks,
    intake_facts,
    intake_kinship,
    intake_limits,
    intake_missed,
    intake_overlays,
    intake_paper,
    intake_phone,
    intake_premises,
    intake_seats,
    intake_silent,
    intake_talk,
    intake_texts,
    publish_access,
    publish_approvals,
    publish_plan,
    publish_policy,
    publish_register,
    publish_roads,
    publish_times,
    publish_units,
    respond,
    respond_emergency,
    respond_outbox,
    respond_shifts,
    respond_voice,
    respond_withdrawn,
    review,
    review_items,
    review_keeping,
    review_recall,
    undo,
    warn,
)
from kuaifan.work.review_seats import archive_rules

PLUGINS_VARIABLE: Final = "KUAIFAN_PLUGINS"
"""A folder with more plug-ins: in it seats/, devices/, neighbours/, models/, reports/.

Told to the whole installation, and not to one command: whatever reads a log, be it to serve, to
verify or to replay it, has to know the very same messages.
"""

FOLDS = tuple(
    Rules[Board](evolvers=folds.EVOLVERS)
    for folds in (
        *(fold_intake, fold_calls, fold_facts, fold_kinship, fold_recall, fold_desks),
        *(fold_orders, fold_reinforce, fold_units, fold_roads, fold_alarms, undoable),
        *(fold_phone, fold_photos, fold_premises, fold_paper),
        *(fold_major, fold_broadcasts),
        fold_settings,
        fold_access,
        fold_keeping,
        fold_complaints,
        fold_overlays,
        fold_items,
        outbox,
        fold_approvals,
        fold_plans,
    )
)
LINKS = tuple(
    link.RULES
    for link in (
        *(intake, intake_seats, intake_talk, intake_texts),
        *(intake_missed, intake_silent, intake_limits),
        *(intake_facts, intake_kinship, intake_desks, intake_premises),
        *(dispatch_agencies, dispatch_reinforce, dispatch_amend, dispatch_schedule),
        *(dispatch_divert, dispatch_found, dispatch, dispatch_move_up),
        *(respond, respond_shifts, respond_voice, respond_emergency, respond_withdrawn),
        *(handle, review, review_recall, publish_policy, publish_roads, undo, warn),
        *(publish_times, publish_register, publish_units, publish_access),
        *(handle_photos, intake_phone, intake_paper),
        *(dispatch_major, dispatch_broadcast),
        *(review_keeping, intake_complaints, intake_overlays, review_items),
        respond_outbox,
        publish_plan,
    )
)
"""The links in the order of the work; their reactions run in this order, then the plug-ins'.

Approvals stand beside them: what may be asked for is for the seats to say too.
"""


@cache
def installed_plugins() -> tuple[Plugin, ...]:
    """Every plug-in of this installation, found once (插件); what seats say of themselves holds."""
    found = find_all_plugins(folders=_extra_folders())
    admit_seats(found)
    return found


def core_rulebook(
    plugins: Sequence[Plugin] | None = None, links: Sequence[Rules[Board]] | None = None
) -> Rulebook[Board]:
    """All rules of the core and of the plug-ins; those installed unless others are given."""
    found = installed_plugins() if plugins is None else plugins
    consents = publish_approvals.rules_of(list_consents(found))
    own = LINKS if links is None else links
    return make_rulebook((*FOLDS, *own, consents, *map(rules_of, found), archive_rules(found)))


def new_board(reference: Reference, plugins: Sequence[Plugin] | None = None) -> Board:
    """An empty board of a city, with room for what the special seats keep."""
    found = installed_plugins() if plugins is None else plugins
    return Board(reference, {p.plugin_id: p.slice_type for p in found if p.slice_type is not None})


def make_rulebook(parts: Iterable[Rules[Board]]) -> Rulebook[Board]:
    """A rulebook of some parts, on the board of the police."""
    return Rulebook(
        parts,
        observe=respond.observe_fixes,
        fold_observation=fold_fixes,
        scope_of=scope_of,
        rows_of=rows_of,
        version_of=version_of,
        about_of=about_of,
    )


def core_codec(plugins: Sequence[Plugin] | None = None) -> Codec:
    """Codec of every message of the core and of the plug-ins."""
    found = installed_plugins() if plugins is None else plugins
    return Codec(
        (*vocabulary.COMMANDS, *(command for plugin in found for command in plugin.commands)),
        (*vocabulary.EVENTS, *(event for plugin in found for event in plugin.events)),
        vocabulary.OBSERVATIONS,
        upcasters=UPCASTERS | {tag: up for p in found for tag, up in p.upcasters.items()},
    )


def asked_commands() -> tuple[type[Command], ...]:
    """Commands that people and devices ask for, plug-ins included; not a timer's or a rule's."""
    own = (command for plugin in installed_plugins() for command in plugin.commands)
    inner = set(inner_commands())
    return tuple(each for each in (*vocabulary.COMMANDS, *own) if each not in inner)


def inner_commands() -> tuple[type[Command], ...]:
    """Commands that nobody submits from outside, plug-ins' included (内部命令)."""
    return (
        *vocabulary.TIMER_COMMANDS,
        *vocabulary.REACTION_COMMANDS,
        *vocabulary.DESK_COMMANDS,
        *vocabulary.GATEWAY_COMMANDS,
        *(command for plugin in installed_plugins() for command in plugin.inner),
    )


def plugin_ids() -> tuple[str, ...]:
    """What `EngineStarted` says of the plug-ins, as kind/id."""
    return tuple(f"{plugin.kind}/{plugin.plugin_id}" for plugin in installed_plugins())


def _extra_folders() -> dict[str, list[Path]]:
    """Folders of plug-ins beside the installed ones, by kind."""
    named = os.environ.get(PLUGINS_VARIABLE, "")
    if not named:
        return {}
    root = Path(named)
    if not root.is_dir():
        raise PluginError(
            f"{PLUGINS_VARIABLE} names {named}, which is no folder: make it, with seats/, devices/ "
            "and so on in it, or leave the variable out"
        )
    return {kind: [root / kind] for kind in DECLARATIONS if (root / kind).is_dir()}


def rules_of(plugin: Plugin) -> Rules[Board]:
    """The rules that a plug-in adds."""
    return Rules(deciders=plugin.deciders, evolvers=plugin.evolvers, reactions=plugin.reactions)
