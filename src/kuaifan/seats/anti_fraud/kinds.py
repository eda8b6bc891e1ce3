"""What the fraud seat owes (反诈专席事项): kinds, stages, and who is told when late."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, ItemKind
from kuaifan.seats.anti_fraud.papers import HOUR_MS, MINUTE_MS, SEAT_ID
from kuaifan.vocabulary.item import Rung

DROPPED: Final = ("撤销", "dropped")
AT_ONCE: Final = (
    Rung(0, "dispatcher"),
    Rung(10 * MINUTE_MS, "supervisor"),
    Rung(30 * MINUTE_MS, "leader"),
)
"""Of what is decided in the first half hour."""
IN_HOURS: Final = (
    Rung(0, "dispatcher"),
    Rung(4 * HOUR_MS, "supervisor"),
    Rung(8 * HOUR_MS, "leader"),
)
"""Of what has to be done before a stop payment ends: the leader is told while it still holds."""

STOP_REQUEST: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="stop_request",
    title_zh="发出止付请求",
    title_en="request to stop payment",
    steps={"to_ask": (CLOSED,)},
    words={"to_ask": ("待发出", "to be sent")},
    outcomes={"asked": ("已发出", "sent"), "waived": ("无须止付", "nothing to stop")}
    | {"dropped": DROPPED},
    ladder=AT_ONCE,
    holds=True,
)
BANK_ANSWER: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="bank_answer",
    title_zh="等待银行反馈",
    title_en="answer of the bank",
    steps={"waiting": (CLOSED,)},
    words={"waiting": ("待反馈", "awaited")},
    outcomes={
        "stopped": ("已止付", "stopped"),
        "no_balance": ("余额为零", "no balance"),
        "refused": ("银行拒绝", "refused"),
        "unknown_account": ("查无此户", "unknown account"),
    },
    ladder=AT_ONCE,
    holds=True,
)
FILING: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="filing",
    title_zh="立案",
    title_en="filing of the case",
    steps={"to_file": ("to_file", CLOSED)},
    words={"to_file": ("待立案", "to be filed")},
    outcomes={"filed": ("已立案", "filed"), "dropped": DROPPED},
    ladder=IN_HOURS,
)
FREEZE_ORDER: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="freeze_order",
    title_zh="出具冻结通知",
    title_en="freeze notice",
    steps={"stopped": ("stopped", CLOSED)},
    words={"stopped": ("止付中，待冻结", "stopped, to be frozen")},
    outcomes={
        "frozen": ("已冻结", "frozen"),
        "lapsed": ("止付失效", "stop payment ran out"),
        "released": ("已解除", "released"),
    },
    ladder=IN_HOURS,
)
FREEZE_END: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="freeze_end",
    title_zh="续冻或返还",
    title_en="renewal of the freeze, or return",
    steps={"frozen": ("frozen", CLOSED)},
    words={"frozen": ("冻结中", "frozen")},
    outcomes={
        "returned": ("已返还", "returned"),
        "released": ("已解除", "released"),
        "lapsed": ("冻结失效", "freeze ran out"),
    },
)
CLAIM: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="wrong_freeze",
    title_zh="误冻核查",
    title_en="check of a wrong freeze",
    steps={"to_check": ("to_confirm", CLOSED), "to_confirm": (CLOSED,)},
    words={
        "to_check": ("核查中", "being checked"),
        "to_confirm": ("待第二人确认", "to be confirmed by a second person"),
    },
    outcomes={"released": ("已解除", "released"), "kept": ("维持", "kept")},
)
DISSUASION: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="dissuasion",
    title_zh="上门劝阻",
    title_en="dissuasion at the victim's",
    steps={
        "to_send": ("on_the_way", "with_victim", CLOSED),
        "on_the_way": ("with_victim", "to_send", CLOSED),
        "with_victim": ("to_send", CLOSED),
    },
    words={
        "to_send": ("待派警", "unit to be sent"),
        "on_the_way": ("警组在途", "unit on the way"),
        "with_victim": ("已见到受害人", "with the victim"),
    },
    outcomes={
        "dissuaded": ("劝阻成功", "dissuaded"),
        "paid": ("已转账", "had paid"),
        "not_reached": ("未能联系", "not reached"),
        "dropped": DROPPED,
    },
    ladder=AT_ONCE,
    holds=True,
)
ON_THE_PHONE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="on_the_phone",
    title_zh="保持与受害人通话",
    title_en="keep the victim on the phone",
    steps={"talking": ("to_call", "talking", CLOSED), "to_call": ("talking", CLOSED)},
    words={
        "talking": ("通话中", "on the phone"),
        "to_call": ("通话中断，待回拨", "line lost, to be called"),
    },
    outcomes={"with_unit": ("警组已到", "a unit is there"), "over": ("已结束", "over")}
    | {"dropped": DROPPED},
    ladder=AT_ONCE,
    holds=True,
)
RECOVERY: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="recovery",
    title_zh="追赃挽损",
    title_en="recovery of the money",
    steps={"open": (CLOSED,)},
    words={"open": ("追查中", "under way")},
    outcomes={"done": ("已结", "done"), "dropped": DROPPED},
)
KINDS: Final = (
    *(STOP_REQUEST, BANK_ANSWER, FREEZE_ORDER, FILING, FREEZE_END, CLAIM, DISSUASION),
    *(ON_THE_PHONE, RECOVERY),
)
