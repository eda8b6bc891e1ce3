"""What the fraud seat says of itself (反诈专席声明): its forms, keys and rights, as data."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Field, Seat
from kuaifan.seats.anti_fraud.kinds import KINDS
from kuaifan.seats.anti_fraud.tables import CASE_KINDS, CHANNELS, FIGURES, TABLES
from kuaifan.seats.anti_fraud.told import TOLD

ANSWERS: Final = (
    Choice("stopped", "已止付", "stopped"),
    Choice("no_balance", "余额为零", "no balance"),
    Choice("refused", "拒绝", "refused"),
    Choice("unknown_account", "查无此户", "unknown account"),
)
REASON: Final = Field(name="reason", zh="理由", en="reason", kind="text")
NOTICE: Final = Field(name="notice_no", zh="冻结通知书编号", en="number of the notice", kind="text")
TERM_FIELDS: Final = (
    Field(
        name="request_ms",
        zh="止付请求时限（分）",
        en="request within (min)",
        kind="minutes",
        required=False,
    ),
    Field(
        name="answer_ms",
        zh="银行反馈时限（分）",
        en="answer within (min)",
        kind="minutes",
        required=False,
    ),
    Field(
        name="stop_ms",
        zh="止付期限（分）",
        en="stop payment holds (min)",
        kind="minutes",
        required=False,
    ),
    Field(
        name="freeze_ms",
        zh="冻结期限（分）",
        en="freeze holds (min)",
        kind="minutes",
        required=False,
    ),
    Field(name="n_residents", zh="常住人口", en="residents", kind="number", required=False),
)
CASE_ITEMS: Final = ("stop_request", "filing", "dissuasion", "recovery")
HELD_ITEMS: Final = ("freeze_order", "freeze_end")

CASE_ACTIONS: Final = (
    Action(
        command="OpenFraudCase",
        zh="建立涉诈案件",
        en="open a case",
        on="incident",
        fills="incident_id",
        key="N",
    ),
    Action(
        command="AddTransfer",
        zh="登记转账",
        en="enter a transfer",
        on="subject",
        fills="incident_id",
        key="A",
        kinds=CASE_ITEMS,
        fields=(
            Field(name="number", zh="收款账号", en="account paid to", kind="text"),
            Field(name="bank", zh="收款银行", en="its bank", kind="text"),
            Field(name="holder", zh="收款户名", en="its holder", kind="text", required=False),
            Field(name="amount_fen", zh="金额（元）", en="amount (yuan)", kind="yuan"),
            Field(name="transferred_at_ms", zh="转账时间", en="when", kind="instant"),
            Field(name="channel", zh="渠道", en="way", kind="choice", choices=CHANNELS),
            Field(name="payer_number", zh="付款账号", en="paid from", kind="text", required=False),
            Field(name="payer_bank", zh="付款银行", en="its bank", kind="text", required=False),
            Field(name="payer_holder", zh="付款户名", en="its holder", kind="text", required=False),
        ),
    ),
    Action(
        command="NoteVictim",
        zh="登记受害人",
        en="note the victim",
        on="subject",
        fills="incident_id",
        key="V",
        kinds=CASE_ITEMS,
        fields=(
            Field(name="victim", zh="受害人", en="victim", kind="person"),
            Field(name="phone", zh="电话", en="telephone", kind="phone"),
            Field(name="proof", zh="留存证据", en="proof kept", kind="text", required=False),
        ),
    ),
    Action(
        command="WaiveStop",
        zh="无须止付",
        en="nothing to stop",
        on="subject",
        fills="incident_id",
        key="W",
        kinds=("stop_request",),
        fields=(REASON,),
        sure=True,
    ),
    Action(
        command="FileFraudCase",
        zh="立案",
        en="file the case",
        on="subject",
        fills="incident_id",
        key="L",
        kinds=("filing",),
        fields=(Field(name="file_no", zh="立案编号", en="number of the file", kind="text"),),
    ),
    Action(
        command="RetypeFraudCase",
        zh="更正案件类别",
        en="give it another kind",
        on="row",
        key="T",
        table="cases",
        fills="incident_id",
        fields=(
            Field(name="kind", zh="类别", en="kind", kind="choice", choices=CASE_KINDS),
            REASON,
        ),
    ),
    Action(
        command="CloseFraudCase",
        zh="结案",
        en="close the case",
        on="row",
        table="cases",
        fills="incident_id",
        key="C",
        fields=(
            Field(
                name="outcome",
                zh="结果",
                en="outcome",
                kind="choice",
                choices=(
                    Choice("done", "办结", "done"),
                    Choice("not_fraud", "不是诈骗", "no fraud"),
                ),
            ),
            Field(name="reason", zh="理由", en="reason", kind="text", required=False),
        ),
        sure=True,
    ),
)
MONEY_ACTIONS: Final = (
    Action(
        command="RequestStop",
        zh="请求止付",
        en="ask the bank to stop",
        on="row",
        table="accounts",
        fills="account_id",
        key="S",
    ),
    Action(
        command="TakeBankAnswer",
        zh="登记银行反馈",
        en="enter the bank's answer",
        on="row",
        table="requests",
        fills="request_id",
        key="B",
        fields=(
            Field(name="answer", zh="反馈", en="answer", kind="choice", choices=ANSWERS),
            Field(
                name="amount_fen",
                zh="止付金额（元）",
                en="stopped (yuan)",
                kind="yuan",
                required=False,
            ),
            Field(name="reason", zh="拒绝理由", en="why refused", kind="text", required=False),
        ),
    ),
    Action(
        command="FreezeMoney",
        zh="出具冻结通知",
        en="issue a freeze notice",
        on="subject",
        fills="account_id",
        key="F",
        kinds=("freeze_order",),
        fields=(
            NOTICE,
            Field(
                name="amount_fen",
                zh="冻结金额（元，空为全部）",
                en="amount (yuan, empty: all)",
                kind="yuan",
                required=False,
            ),
        ),
    ),
    Action(
        command="RenewFreeze",
        zh="续冻",
        en="renew the freeze",
        on="subject",
        fills="account_id",
        key="R",
        kinds=("freeze_end",),
        fields=(NOTICE,),
    ),
    Action(
        command="ReturnMoney",
        zh="返还受害人",
        en="return to the victim",
        on="row",
        table="accounts",
        fills="account_id",
        key="M",
        fields=(
            Field(name="amount_fen", zh="金额（元）", en="amount (yuan)", kind="yuan"),
            Field(
                name="source",
                zh="来自",
                en="from",
                kind="choice",
                choices=(
                    Choice("frozen", "冻结资金", "frozen money"),
                    Choice("gone", "退赃", "paid back"),
                ),
            ),
        ),
        sure=True,
    ),
    Action(
        command="CorrectLoss",
        zh="更正损失",
        en="correct the loss",
        on="row",
        table="accounts",
        fills="account_id",
        key="X",
        fields=(
            Field(name="lost_fen", zh="应为（元）", en="should be (yuan)", kind="yuan"),
            REASON,
        ),
    ),
    Action(
        command="ClaimWrongFreeze",
        zh="登记误冻申诉",
        en="note a claim of wrong freeze",
        on="subject",
        fills="account_id",
        key="G",
        kinds=HELD_ITEMS,
        fields=(REASON,),
    ),
    Action(
        command="ProposeRelease",
        zh="提请解除",
        en="propose to let go",
        on="subject",
        fills="account_id",
        key="O",
        kinds=("wrong_freeze",),
        stages=("to_check",),
        fields=(
            REASON,
            Field(
                name="amount_fen",
                zh="金额（元，空为全部）",
                en="amount (yuan, empty: all)",
                kind="yuan",
                required=False,
            ),
        ),
    ),
    Action(
        command="ConfirmRelease",
        zh="确认解除",
        en="confirm to let go",
        on="subject",
        fills="account_id",
        key="Y",
        kinds=("wrong_freeze",),
        stages=("to_confirm",),
        sure=True,
    ),
    Action(
        command="KeepHold",
        zh="维持冻结",
        en="keep it held",
        on="subject",
        fills="account_id",
        key="K",
        kinds=("wrong_freeze",),
        fields=(REASON,),
    ),
)
VICTIM_ACTIONS: Final = (
    Action(
        command="SendToVictim",
        zh="就近派警上门",
        en="send the nearest unit",
        on="subject",
        fills="incident_id",
        key="D",
        kinds=("dissuasion",),
        stages=("to_send",),
    ),
    Action(
        command="NoteLine",
        zh="通话状态",
        en="line to the victim",
        on="subject",
        fills="incident_id",
        key="P",
        kinds=("on_the_phone",),
        fields=(
            Field(
                name="step",
                zh="通话",
                en="line",
                kind="choice",
                choices=(
                    Choice("regained", "已接通", "on the phone"),
                    Choice("lost", "已中断", "lost"),
                ),
            ),
        ),
    ),
    Action(
        command="EndDissuasion",
        zh="劝阻结果",
        en="how it ended",
        on="subject",
        fills="incident_id",
        key="E",
        kinds=("dissuasion",),
        fields=(
            Field(
                name="outcome",
                zh="结果",
                en="outcome",
                kind="choice",
                choices=(
                    Choice("dissuaded", "劝阻成功", "dissuaded"),
                    Choice("paid", "已转账", "had paid"),
                    Choice("not_reached", "未能联系", "not reached"),
                ),
            ),
        ),
    ),
    Action(
        command="SetFraudTerms",
        zh="设定时限与人口",
        en="set terms and residents",
        on="seat",
        fields=TERM_FIELDS,
    ),
)
SEAT: Final = Seat(
    title_zh="反诈专席",
    title_en="Fraud seat",
    about=(
        "接报电信网络诈骗后 10 分钟内请求止付，48 小时内立案冻结，逐分登记资金去向，就近上门劝阻。",
        "Ask the bank in 10 minutes, freeze in 48 hours, follow every fen, reach the victim.",
    ),
    readers=("call_taker", "dispatcher", "commander"),
    rights=(
        ("TakeBankAnswer", "take_calls"),
        ("SendToVictim", "dispatch"),
        ("SetFraudTerms", "command"),
    ),
    order=30,
    told=TOLD,
    codes=(
        Choice("sent", "已派", "sent"),
        Choice("there", "已到场", "there"),
        Choice("back", "已返回", "back"),
        Choice("released", "已解除", "released"),
    ),
    kinds=KINDS,
    actions=(*CASE_ACTIONS, *MONEY_ACTIONS, *VICTIM_ACTIONS),
    tables=TABLES,
    figures=FIGURES,
)
