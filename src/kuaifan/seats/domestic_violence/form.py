"""What the seat says of itself (家暴专席声明): tables and figures of its page; forms are beside."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import HOUR_MS
from kuaifan.board.seat_forms import Choice, Column, Consent, Figure, Seat, Table
from kuaifan.seats.domestic_violence.attention import REASON_WORDS
from kuaifan.seats.domestic_violence.form_cases import CASE_ACTIONS, TEAM_ACTIONS
from kuaifan.seats.domestic_violence.form_choices import (
    LEVELS,
    OUTCOMES,
    REFEREES,
    SERVED,
)
from kuaifan.seats.domestic_violence.form_papers import PAPER_ACTIONS
from kuaifan.seats.domestic_violence.kinds import (
    KINDS,
)


def _columns(*told: tuple[str, str, str] | Column) -> tuple[Column, ...]:
    return tuple(
        each if isinstance(each, Column) else Column(name=each[0], zh=each[1], en=each[2])
        for each in told
    )


REASONS: Final = tuple(Choice(code, *said) for code, said in REASON_WORDS.items())
TABLES: Final = (
    Table(
        name="households",
        zh="家暴个案",
        en="household cases",
        columns=_columns(
            Column(name="incident_id", zh="首起警情", en="first incident", kind="incident"),
            ("address", "地址", "address"),
            Column(name="n_incidents", zh="警情数", en="incidents", kind="number"),
            Column(name="n_confirmed", zh="已确认", en="confirmed", kind="number"),
            Column(name="level", zh="关注等级", en="level", kind="code", choices=LEVELS),
            Column(name="proposed", zh="规则建议", en="proposed", kind="code", choices=LEVELS),
            Column(name="why", zh="理由", en="why", kind="code", choices=REASONS),
            Column(name="also", zh="另因", en="and", kind="code", choices=REASONS),
            Column(name="until_ms", zh="等级到期", en="level ends", kind="due"),
            ("confirmed_by", "确认人", "confirmed by"),
            Column(
                name="last_contact_ms", zh="最近安全联系", en="last safe contact", kind="instant"
            ),
            ("safe_number", "安全号码", "safe number"),
            ("safe_hours", "可联系时段", "hours"),
        ),
    ),
    Table(
        name="letters",
        zh="告诫书",
        en="warning letters",
        columns=_columns(
            ("number", "文号", "number"),
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            ("facts", "事实", "facts"),
            Column(name="issued_at_ms", zh="出具", en="issued", kind="instant"),
            Column(name="victim", zh="受害人", en="victim", kind="code", choices=SERVED),
            Column(name="respondent", zh="加害人", en="respondent", kind="code", choices=SERVED),
            ("committee", "居（村）委会", "committee"),
            Column(
                name="state",
                zh="状态",
                en="state",
                kind="code",
                choices=(
                    Choice("open", "办理中", "open"),
                    Choice("told", "已送达告知", "served and told"),
                    Choice("withdrawn", "已撤销", "withdrawn"),
                ),
            ),
        ),
    ),
    Table(
        name="protections",
        zh="人身安全保护令",
        en="protection orders",
        columns=_columns(
            ("court", "法院", "court"),
            ("number", "文号", "number"),
            ("address", "保护地址", "protected address"),
            ("measures", "措施", "measures"),
            Column(name="from_ms", zh="生效", en="from", kind="instant"),
            Column(name="until_ms", zh="到期", en="until", kind="due"),
            Column(name="n_calls", zh="来警", en="calls", kind="number"),
            Column(name="n_breaches", zh="违反", en="breaches", kind="number"),
            Column(
                name="ended",
                zh="终止",
                en="ended",
                kind="code",
                choices=(
                    Choice("expired", "到期", "expired"),
                    Choice("revoked", "撤销", "revoked"),
                ),
            ),
        ),
    ),
    Table(
        name="referrals",
        zh="转介",
        en="referrals",
        columns=_columns(
            Column(name="to", zh="单位", en="to", kind="code", choices=REFEREES),
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            ("what", "事项", "what for"),
            Column(name="sent_at_ms", zh="转出", en="sent", kind="instant"),
            ("receiver", "接收人", "received by"),
            Column(name="outcome", zh="结果", en="outcome", kind="code", choices=OUTCOMES),
        ),
    ),
    Table(
        name="materials",
        zh="宣传资料",
        en="material",
        columns=_columns(
            ("title", "名称", "title"),
            ("version", "版本", "version"),
            ("where", "存放处", "where"),
            Column(name="n_handed_out", zh="已发放", en="handed out", kind="number"),
        ),
    ),
)
FIGURES: Final = (
    Figure(name="incidents", zh="家暴警情", en="incidents", kind="count", of="incidents"),
    Figure(
        name="confirmed",
        zh="确认率",
        en="confirmed",
        kind="share",
        of="confirmed",
        over="incidents",
    ),
    Figure(
        name="letter_rate",
        zh="告诫率（告诫书÷确认家暴警情）",
        en="letters per confirmed incident",
        kind="share",
        of="letters",
        over="confirmed",
    ),
    Figure(
        name="visits_on_time",
        zh="查访按时率",
        en="visits on time",
        kind="share",
        of="visits_on_time",
        over="visits",
    ),
    Figure(
        name="repeats",
        zh="90 日内再发",
        en="again within 90 days",
        kind="share",
        of="repeats",
        over="confirmed",
    ),
    Figure(
        name="safety_calls",
        zh="安全回访接通率",
        en="safety calls reached",
        kind="share",
        of="safety_calls_reached",
        over="safety_calls",
    ),
    Figure(
        name="screened",
        zh="家庭纠纷筛查出家暴",
        en="violence found by screening",
        kind="share",
        of="screened_violence",
        over="screened",
    ),
    Figure(
        name="referrals",
        zh="转介回执率",
        en="referrals received",
        kind="share",
        of="referrals_received",
        over="referrals",
    ),
    Figure(name="protections", zh="登记保护令", en="orders", kind="count", of="protections"),
    Figure(name="breaches", zh="违反保护令", en="breaches", kind="count", of="breaches"),
    Figure(name="material", zh="发放宣传资料", en="material", kind="count", of="material"),
)
TOLD: Final = (
    ("ViolenceCallTaken", "家暴专席接席（{how}）", "the seat has the call ({how})"),
    ("ViolenceConfirmed", "家暴事实已核实", "the facts were confirmed"),
    ("ViolenceRejected", "家暴不成立，{approved_by}批准", "unfounded, approved by {approved_by}"),
    ("WarningIssued", "出具告诫书 {number}", "warning letter {number}"),
    ("WarningServed", "告诫书已送达{party}", "the letter was served on the {party}"),
    ("CommitteeTold", "已告知{committee}", "{committee} was told"),
)
"""What a timeline says; of levels, orders and visits nothing, for they are the team's alone."""
SHIFT_MS: Final = 8 * HOUR_MS
CONSENTS: Final = tuple(
    Consent(command=command, zh=zh, en=en, valid_ms=SHIFT_MS, record_class="domestic_violence")
    for command, zh, en in (
        ("RejectViolence", "家暴不成立", "judge it unfounded"),
        ("ConfirmAttention", "关注等级降为{level}", "lower the level to {level}"),
        ("WithdrawWarning", "撤销告诫书", "withdraw a warning letter"),
    )
)
"""Another of the team consents, within the shift: the case is read by nobody else."""
SEAT: Final = Seat(
    title_zh="反家庭暴力专席",
    title_en="domestic violence",
    about=(
        "每起家暴警情都有个案、核实、回访；等级按已核实事实提出，由人确认，到期复核，专席以外不用。",
        (
            "Every incident has a case, its facts and a call-back; a level is proposed from "
            "confirmed facts, confirmed by an officer, looked at again, and used by nobody else."
        ),
    ),
    readers=("dv_officer",),
    order=10,
    kinds=KINDS,
    actions=(*CASE_ACTIONS, *PAPER_ACTIONS, *TEAM_ACTIONS),
    tables=TABLES,
    figures=FIGURES,
    told=TOLD,
    consents=CONSENTS,
)
