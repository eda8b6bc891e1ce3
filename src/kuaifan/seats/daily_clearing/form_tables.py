"""Tables and figures of the seat as data (表与指标声明)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Choice, Column, Figure, Table

from .form_choices import AGENDA, CASE_KINDS, CASE_STAGES, LEVELS, RULE_CHOICES, STAGES, YES_NO

TABLES: Final = (
    Table(
        name="days",
        zh="每日清零",
        en="days",
        columns=(
            Column(name="day_at_ms", zh="核对时间", en="looked at", kind="instant"),
            Column(name="n_calls", zh="接警", en="calls", kind="number"),
            Column(name="n_incidents", zh="警情", en="incidents", kind="number"),
            Column(name="n_cleared", zh="已清", en="cleared", kind="number"),
            Column(name="n_uncleared", zh="未清", en="uncleared", kind="number"),
            Column(name="n_case", zh="转案件", en="in a case", kind="number"),
            Column(name="n_mediation", zh="转调解", en="in mediation", kind="number"),
            Column(name="n_transfer", zh="已移交", en="transferred", kind="number"),
            Column(name="n_reason", zh="有理由", en="with a reason", kind="number"),
            Column(name="n_hits", zh="规则命中", en="hits", kind="number"),
            Column(name="n_drawn", zh="抽检", en="drawn", kind="number"),
        ),
    ),
    Table(
        name="left",
        zh="未清警情",
        en="uncleared",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="type_name", zh="类别", en="type"),
            Column(name="stage", zh="状态", en="stage", kind="code", choices=STAGES),
            Column(name="owner", zh="责任", en="owner", kind="owner"),
            Column(name="opened_at_ms", zh="立警", en="opened", kind="instant"),
            Column(name="due_at_ms", zh="期限", en="due", kind="due"),
        ),
    ),
    Table(
        name="checks",
        zh="评查件",
        en="findings",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(
                name="rule",
                zh="规则",
                en="rule",
                kind="code",
                choices=(
                    *RULE_CHOICES,
                    Choice("sample", "抽检", "drawn by lot"),
                ),
            ),
            Column(name="found_zh", zh="发现", en="found"),
            Column(name="stage", zh="状态", en="stage", kind="code", choices=STAGES),
            Column(name="owner", zh="责任", en="owner", kind="owner"),
            Column(name="due_at_ms", zh="期限", en="due", kind="due"),
        ),
    ),
    Table(
        name="cases",
        zh="关联案件",
        en="cases",
        columns=(
            Column(name="number", zh="案件编号", en="number"),
            Column(name="kind", zh="种类", en="kind", kind="code", choices=CASE_KINDS),
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="officer", zh="主办", en="officer"),
            Column(name="stage", zh="状态", en="stage", kind="code", choices=CASE_STAGES),
            Column(name="has_receipt", zh="回执", en="receipt", kind="code", choices=YES_NO),
            Column(name="asked_by", zh="延期待批", en="more time asked by"),
            Column(name="due_at_ms", zh="期限", en="due", kind="due"),
        ),
    ),
    Table(
        name="small",
        zh="民生小案",
        en="small cases",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="watched", zh="必盯", en="watched", kind="code", choices=YES_NO),
            Column(name="examined", zh="必勘", en="examined", kind="code", choices=YES_NO),
            Column(name="studied", zh="必研", en="studied", kind="code", choices=YES_NO),
            Column(name="owner", zh="责任", en="owner", kind="owner"),
            Column(name="due_at_ms", zh="期限", en="due", kind="due"),
        ),
    ),
    Table(
        name="agenda",
        zh="会议议程与记录",
        en="agenda and minutes",
        columns=(
            Column(name="meeting_id", zh="会议", en="meeting"),
            Column(name="level", zh="层级", en="level", kind="code", choices=LEVELS),
            Column(name="line_no", zh="序", en="no", kind="number"),
            Column(name="kind", zh="议题", en="about", kind="code", choices=AGENDA),
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="is_late", zh="逾期", en="late", kind="code", choices=YES_NO),
            Column(name="minutes", zh="记录", en="minutes"),
            Column(name="n_tasks", zh="交办", en="tasks", kind="number"),
        ),
    ),
)


def _share(name: str, zh: str, en: str, *, of: str, over: str, interval: bool = False) -> Figure:
    return Figure(name=name, zh=zh, en=en, kind="share", of=of, over=over, interval=interval)


def _count(name: str, zh: str, en: str) -> Figure:
    return Figure(name=name, zh=zh, en=en, kind="count", of=name)


FIGURES: Final = (
    _share("cleared_share", "清零率", "cleared at nine", of="all_cleared", over="incidents"),
    _share("concluded_share", "处结率", "concluded in time", of="concluded", over="concluded_of"),
    _share(
        *("feedback_share", "反馈及时率", "feedback in time"),
        of="fed_back_in_time",
        over="fed_back_of",
    ),
    _share("signed_share", "签收及时率", "signed in time", of="signed_in_time", over="orders"),
    _share("confirmed_share", "命中成立率", "hits confirmed", of="confirmed", over="judged"),
    _share(
        *("corrected_share", "按期整改率", "corrected in time"),
        of="corrected_in_time",
        over="corrected",
    ),
    _share(
        *("clean_share", "抽检合格率", "drawn and clean"),
        of="drawn_clean",
        over="looked_at",
        interval=True,
    ),
    _share("watched_share", "小案必盯率", "watched", of="small_to_watch", over="small_opened"),
    _share("examined_share", "小案必勘率", "examined", of="small_to_examine", over="small_opened"),
    _share("studied_share", "小案必研率", "studied", of="small_to_study", over="small_opened"),
    _share(
        *("solved_share", "破案率", "criminal cases cleared"),
        of="criminal_cleared",
        over="criminal_filed",
    ),
    _share(
        *("decided_share", "办结率", "public-order cases decided"),
        of="public_order_decided",
        over="public_order_accepted",
    ),
    _count("no_arrest_absolute", "绝对不捕", "arrest refused for good"),
    _count("no_charge_absolute", "绝对不诉", "charge refused for good"),
    _count("acquitted", "无罪判决", "acquitted"),
    _count("suit_lost", "行政诉讼败诉", "lawsuits lost"),
    _count("decision_corrected", "行政复议纠错", "decisions corrected"),
)
