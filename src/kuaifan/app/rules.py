"""The rulebook and the codec of a build (规则与编解码): the core, then the plug-ins by id."""

from __future__ import annotations

from kuaifan import vocabulary
from kuaifan.board import fold_intake, fold_orders
from kuaifan.board.fold_positions import fold_fixes
from kuaifan.board.scope import rows_of, scope_of
from kuaifan.board.state import Board
from kuaifan.kernel.codec import Codec
from kuaifan.kernel.rulebook import Rulebook, Rules
from kuaifan.vocabulary.history import UPCASTERS
from kuaifan.work import dispatch, handle, intake, respond, review

FOLDS = Rules[Board](evolvers={**fold_intake.EVOLVERS, **fold_orders.EVOLVERS})
LINKS = (intake.RULES, dispatch.RULES, respond.RULES, handle.RULES, review.RULES)
"""The links in the order of the work; their reactions run in this order."""


def core_rulebook() -> Rulebook[Board]:
    """All rules of the core."""
    return Rulebook(
        (FOLDS, *LINKS),
        observe=respond.observe_fixes,
        fold_observation=fold_fixes,
        scope_of=scope_of,
        rows_of=rows_of,
    )


def core_codec() -> Codec:
    """Codec of every message of the core."""
    return Codec(
        vocabulary.COMMANDS, vocabulary.EVENTS, vocabulary.OBSERVATIONS, upcasters=UPCASTERS
    )
