"""The rulebook and the codec of a build (规则与编解码): the core, then the plug-ins by id."""

from __future__ import annotations

from collections.abc import Iterable

from kuaifan import vocabulary
from kuaifan.board import fold_intake, fold_orders, undoable
from kuaifan.board.fold_positions import fold_fixes
from kuaifan.board.scope import rows_of, scope_of
from kuaifan.board.state import Board
from kuaifan.board.versions import version_of
from kuaifan.kernel.codec import Codec
from kuaifan.kernel.rulebook import Rulebook, Rules
from kuaifan.vocabulary.history import UPCASTERS
from kuaifan.work import dispatch, handle, intake, respond, review, undo

FOLDS = Rules[Board](evolvers={**fold_intake.EVOLVERS, **fold_orders.EVOLVERS, **undoable.EVOLVERS})
LINKS = (intake.RULES, dispatch.RULES, respond.RULES, handle.RULES, review.RULES, undo.RULES)
"""The links in the order of the work; their reactions run in this order."""


def core_rulebook() -> Rulebook[Board]:
    """All rules of the core."""
    return make_rulebook((FOLDS, *LINKS))


def make_rulebook(parts: Iterable[Rules[Board]]) -> Rulebook[Board]:
    """A rulebook of some parts, on the board of the police."""
    return Rulebook(
        parts,
        observe=respond.observe_fixes,
        fold_observation=fold_fixes,
        scope_of=scope_of,
        rows_of=rows_of,
        version_of=version_of,
    )


def core_codec() -> Codec:
    """Codec of every message of the core."""
    return Codec(
        vocabulary.COMMANDS, vocabulary.EVENTS, vocabulary.OBSERVATIONS, upcasters=UPCASTERS
    )
