"""The page of a link that a citizen was sent (群众进度页), as a plug-in gives it: words, no data.

Whoever has the link needs no account. A plug-in says what a link shows and which command an answer
is; how it looks, and that it holds nothing else, is the web's.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from kuaifan.board.state import Board
from kuaifan.kernel.message import Command


class PublicStep(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the page (进度): what, and when; only_day: the minute is nobody's to read."""

    words: str
    at_ms: int
    only_day: bool = False


class PublicQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What may be answered, once (提问): choices: code, words; answers: by code."""

    words: str
    thanks: str
    choices: tuple[tuple[str, str], ...]
    answers: dict[str, Command]


class PublicSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What a link shows now (所见); said: instead of a question."""

    title: str
    steps: tuple[PublicStep, ...]
    said: str = ""
    question: PublicQuestion | None = None


class PublicPage(msgspec.Struct, frozen=True, kw_only=True):
    """A plug-in's page of links (进度页), as its folder's `PUBLIC_PAGE`; one in an installation.

    look: the board, what stands in the link, and now; None for a link that is not ours, or is over.
    """

    look: Callable[[Board, str, int], PublicSeen | None]
