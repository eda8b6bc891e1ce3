"""What is owed for a mediation (调解事项): the case, the check, the case work, the civil route."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.seats.mediation.papers import SEAT_ID
from kuaifan.vocabulary.item import Rung

LADDER: Final = (
    Rung(0, "dispatcher"),
    Rung(24 * HOUR_MS, "supervisor"),
    Rung(72 * HOUR_MS, "leader"),
)

CASE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="case",
    title_zh="调解案",
    title_en="mediation",
    steps={
        "consent": ("ready", CLOSED),
        "ready": ("booked", "signing", "again", "ready", CLOSED),
        "booked": ("ready", "signing", "again", CLOSED),
        "again": ("booked_again", "signing", "again", CLOSED),
        "booked_again": ("again", "signing", CLOSED),
        "signing": (CLOSED,),
    },
    words={
        "consent": ("征求双方意愿", "asking both"),
        "ready": ("待首次调解", "first attempt due"),
        "booked": ("首次调解已预约", "first attempt booked"),
        "again": ("待再次调解", "second attempt due"),
        "booked_again": ("再次调解已预约", "second attempt booked"),
        "signing": ("待签协议", "to be signed"),
    },
    outcomes={
        "agreed": ("达成协议", "agreed"),
        "failed": ("调解不成", "failed"),
        "refused": ("当事人不愿调解", "a party refuses"),
        "offended_again": ("调解中又侵害对方", "offended again meanwhile"),
        "fled": ("违法嫌疑人逃跑", "the offender fled"),
        "barred": ("不适用调解", "must not be mediated"),
        "withdrawn": ("撤回申请", "withdrawn"),
    },
    ladder=LADDER,
    holds=True,
)
PERFORMANCE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="performance",
    title_zh="协议履行核查",
    title_en="check of performance",
    steps={"awaiting": (CLOSED,)},
    words={"awaiting": ("待核查", "to be checked")},
    outcomes={
        "performed": ("已履行", "performed"),
        "not_performed": ("未履行", "not performed"),
        "barred": ("不适用调解", "must not be mediated"),
    },
    ladder=LADDER,
    holds=True,
)
CASE_ROUTE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="case_route",
    title_zh="调解未成移送办案",
    title_en="hand to case work",
    steps={"due": (CLOSED,)},
    words={"due": ("待移送", "to be handed over")},
    outcomes={"taken": ("已移送办案", "taken to a case")},
    ladder=LADDER,
    holds=True,
)
CIVIL_ROUTE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="civil_route",
    title_zh="告知民事途径",
    title_en="tell of the civil route",
    steps={"due": (CLOSED,)},
    words={"due": ("待告知", "to be told")},
    outcomes={"told": ("已告知", "told")},
    ladder=LADDER,
    holds=True,
)
KINDS: Final = (CASE, PERFORMANCE, CASE_ROUTE, CIVIL_ROUTE)
