"""Tables and figures of the fraud seat (反诈专席表与指标), as data."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Choice, Column, Figure, Table

CHANNELS: Final = (
    Choice("bank_app", "手机银行", "bank app"),
    Choice("third_party", "第三方支付", "payment app"),
    Choice("counter", "柜台", "counter"),
    Choice("atm", "ATM", "cash machine"),
    Choice("card_spend", "刷卡消费", "card payment"),
    Choice("cash", "现金", "cash"),
    Choice("crypto", "虚拟币", "crypto currency"),
    Choice("other", "其他", "other"),
)
CASE_KINDS: Final = (
    Choice("payable", "可止付", "may be stopped"),
    Choice("cold", "已过时效", "too late to stop"),
    Choice("dissuasion", "劝阻中", "dissuasion"),
)
STATES: Final = (
    Choice("", "案外", "outside"),
    Choice("gone", "未追回", "gone"),
    Choice("stopped", "止付", "stopped"),
    Choice("frozen", "冻结", "frozen"),
    Choice("returned", "已返还", "returned"),
    Choice("released", "已解除", "released"),
)
REASONS: Final = (
    Choice("reported", "登记损失", "reported"),
    Choice("corrected", "更正", "corrected"),
    Choice("stopped", "银行止付", "stopped by the bank"),
    Choice("frozen", "冻结", "frozen"),
    Choice("stop_lapsed", "止付失效", "stop payment ran out"),
    Choice("freeze_lapsed", "冻结失效", "freeze ran out"),
    Choice("returned", "返还受害人", "returned to the victim"),
    Choice("paid_back", "退赃", "paid back"),
    Choice("released", "误冻解除", "let go: held wrongly"),
    Choice("not_fraud", "不是诈骗", "no fraud"),
)
TABLES: Final = (
    Table(
        name="cases",
        zh="在办涉诈案件",
        en="open cases",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="kind", zh="类型", en="kind", kind="code", choices=CASE_KINDS),
            Column(name="reported_at_ms", zh="报警时间", en="reported", kind="instant"),
            Column(name="victim", zh="受害人", en="victim"),
            Column(name="victim_phone", zh="电话", en="telephone"),
            Column(name="lost_fen", zh="损失（元）", en="lost (yuan)", kind="yuan"),
            Column(name="held_fen", zh="止付冻结（元）", en="held (yuan)", kind="yuan"),
            Column(name="returned_fen", zh="已返还（元）", en="returned (yuan)", kind="yuan"),
            Column(
                name="asked_after_min", zh="首次止付（分）", en="first asked (min)", kind="number"
            ),
            Column(name="file_no", zh="立案编号", en="file"),
            Column(name="unit_id", zh="上门警组", en="unit", kind="owner"),
        ),
    ),
    Table(
        name="accounts",
        zh="收款账户",
        en="accounts paid to",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="number", zh="账号", en="number"),
            Column(name="bank", zh="银行", en="bank"),
            Column(name="holder", zh="户名", en="holder"),
            Column(name="channel", zh="渠道", en="way", kind="code", choices=CHANNELS),
            Column(name="transferred_at_ms", zh="转账时间", en="when", kind="instant"),
            Column(name="gone_fen", zh="未追回（元）", en="gone (yuan)", kind="yuan"),
            Column(name="stopped_fen", zh="止付（元）", en="stopped (yuan)", kind="yuan"),
            Column(name="stop_until_ms", zh="止付至", en="stopped until", kind="due"),
            Column(name="frozen_fen", zh="冻结（元）", en="frozen (yuan)", kind="yuan"),
            Column(name="freeze_until_ms", zh="冻结至", en="frozen until", kind="due"),
            Column(name="returned_fen", zh="返还（元）", en="returned (yuan)", kind="yuan"),
            Column(name="released_fen", zh="解除（元）", en="released (yuan)", kind="yuan"),
        ),
    ),
    Table(
        name="requests",
        zh="待银行反馈",
        en="waiting for the bank",
        columns=(
            Column(name="row_id", zh="请求", en="request"),
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="bank", zh="银行", en="bank"),
            Column(name="amount_fen", zh="金额（元）", en="amount (yuan)", kind="yuan"),
            Column(name="asked_at_ms", zh="发出", en="sent", kind="instant"),
        ),
    ),
    Table(
        name="ledger",
        zh="资金台账",
        en="money ledger",
        columns=(
            Column(name="at_ms", zh="时间", en="when", kind="instant"),
            Column(name="account_id", zh="账户", en="account"),
            Column(name="left", zh="从", en="from", kind="code", choices=STATES),
            Column(name="right", zh="到", en="to", kind="code", choices=STATES),
            Column(name="amount_fen", zh="金额（元）", en="amount (yuan)", kind="yuan"),
            Column(name="reason", zh="事由", en="why", kind="code", choices=REASONS),
            Column(name="by", zh="经办", en="by"),
        ),
    ),
    Table(
        name="years",
        zh="年度（万人被骗数、挽损率）",
        en="years (per 10,000 residents, share returned)",
        columns=(
            Column(name="row_id", zh="年", en="year"),
            Column(name="n_cases", zh="案件", en="cases", kind="number"),
            Column(name="n_residents", zh="常住人口", en="residents", kind="number"),
            Column(name="cases_per_10k", zh="万人被骗数", en="cases per 10,000"),
            Column(name="lost_fen", zh="损失（元）", en="lost (yuan)", kind="yuan"),
            Column(name="lost_per_10k_fen", zh="万人损失（元）", en="lost per 10,000", kind="yuan"),
            Column(name="stopped_fen", zh="止付（元）", en="stopped (yuan)", kind="yuan"),
            Column(name="frozen_fen", zh="冻结（元）", en="frozen (yuan)", kind="yuan"),
            Column(name="returned_fen", zh="返还（元）", en="returned (yuan)", kind="yuan"),
            Column(name="returned_share", zh="挽损率", en="share returned", kind="share"),
        ),
    ),
)
FIGURES: Final = (
    Figure(name="cases", zh="涉诈案件", en="fraud cases", kind="count", of="cases"),
    Figure(name="lost", zh="损失（元）", en="lost (yuan)", kind="yuan", of="lost"),
    Figure(name="stopped", zh="止付（元）", en="stopped (yuan)", kind="yuan", of="stopped"),
    Figure(name="frozen", zh="冻结（元）", en="frozen (yuan)", kind="yuan", of="frozen"),
    Figure(name="returned", zh="返还（元）", en="returned (yuan)", kind="yuan", of="returned"),
    Figure(
        name="recovery", zh="挽损率", en="share returned", kind="share", of="returned", over="lost"
    ),
    Figure(
        name="accounts_frozen",
        zh="冻结账户",
        en="accounts frozen",
        kind="count",
        of="accounts_frozen",
    ),
    Figure(
        name="asked_in_time",
        zh="10 分钟内发出止付",
        en="asked within 10 min",
        kind="share",
        of="asked_in_time",
        over="payable",
    ),
    Figure(
        name="stop_success",
        zh="止付成功",
        en="stopped by the bank",
        kind="share",
        of="stops",
        over="answers",
    ),
    Figure(
        name="dissuaded",
        zh="劝阻成功",
        en="dissuaded",
        kind="share",
        of="dissuaded",
        over="dissuasions",
    ),
    Figure(name="claims", zh="误冻申诉", en="claims of wrong freeze", kind="count", of="claims"),
)
