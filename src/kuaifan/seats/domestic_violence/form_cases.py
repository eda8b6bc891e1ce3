"""Forms of the cases (个案操作): calls, screening, facts, levels, visits, and the seat's own."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Field
from kuaifan.board.seat_terms import set_term_action
from kuaifan.seats.domestic_violence.form_choices import (
    FACTS,
    LEVELS,
    NOTE,
    QUESTIONS,
    REASON,
    SAFE,
    YES_NO_UNKNOWN,
)
from kuaifan.seats.domestic_violence.kinds import (
    ATTENTION,
    CALL_AT_SEAT,
    CONFIRM,
    SAFETY_CALL,
    SCREENING,
    VISIT,
)
from kuaifan.seats.domestic_violence.terms import TERMS

CASE_ACTIONS: Final = (
    Action(
        command="TakeViolenceCall",
        zh="接席",
        en="take the call",
        on="item",
        fills="item_id",
        key="t",
        kinds=(CALL_AT_SEAT.kind,),
        fields=(
            Field(
                name="how",
                zh="方式",
                en="how",
                kind="choice",
                choices=(
                    Choice("transferred", "已转接", "transferred"),
                    Choice("joined", "三方加入", "joined"),
                    Choice("told", "通话后移交", "told after the talk"),
                ),
            ),
        ),
    ),
    Action(
        command="RecordScreening",
        zh="登记筛查",
        en="screen",
        on="item",
        fills="item_id",
        key="s",
        kinds=(SCREENING.kind,),
        fields=(
            *(
                Field(name=name, zh=zh, en=en, kind="choice", choices=YES_NO_UNKNOWN)
                for name, zh, en in QUESTIONS
            ),
            NOTE,
        ),
    ),
    Action(
        command="ConfirmViolence",
        zh="确认家暴",
        en="confirm",
        on="incident",
        fills="incident_id",
        key="c",
        kinds=(CONFIRM.kind,),
        fields=(
            Field(
                name="facts",
                zh="已核实事实",
                en="confirmed facts",
                kind="choices",
                choices=FACTS,
                required=False,
                help=(
                    "以现场记录、伤情和询问为据",
                    "from the record, the injuries and what was said",
                ),
            ),
        ),
    ),
    Action(
        command="RejectViolence",
        zh="不成立",
        en="unfounded",
        on="incident",
        fills="incident_id",
        key="n",
        kinds=(CONFIRM.kind,),
        fields=(REASON,),
        sure=True,
    ),
    Action(
        command="ConfirmAttention",
        zh="确认关注等级",
        en="confirm the level",
        on="subject",
        fills="household_id",
        key="l",
        kinds=(ATTENTION.kind,),
        fields=(
            Field(name="level", zh="等级", en="level", kind="choice", choices=LEVELS),
            Field(
                name="reason",
                zh="与建议不同的理由",
                en="why it differs from the proposal",
                kind="long_text",
                required=False,
            ),
        ),
    ),
    Action(
        command="RecordSafetyVisit",
        zh="登记查访",
        en="record the visit",
        on="item",
        fills="item_id",
        key="v",
        kinds=(VISIT.kind,),
        fields=(
            Field(
                name="result",
                zh="结果",
                en="result",
                kind="choice",
                choices=(
                    Choice("done", "已见到本人", "done"),
                    Choice("not_reached", "未见到", "not reached"),
                    Choice("refused", "拒绝", "refused"),
                ),
            ),
            SAFE,
            NOTE,
        ),
    ),
    Action(
        command="RecordSafetyCall",
        zh="登记安全回访",
        en="record the call",
        on="item",
        fills="item_id",
        key="b",
        kinds=(SAFETY_CALL.kind,),
        fields=(
            Field(name="number", zh="所拨号码", en="number rung", kind="phone"),
            Field(name="is_reached", zh="联系到本人", en="reached", kind="yes_no"),
            SAFE,
            NOTE,
        ),
    ),
    Action(
        command="MeetInstead",
        zh="当面了解",
        en="asked in person",
        on="item",
        fills="item_id",
        key="m",
        kinds=(SAFETY_CALL.kind,),
        fields=(SAFE, Field(name="note", zh="情况", en="what was said", kind="long_text")),
    ),
)
TEAM_ACTIONS: Final = (
    Action(
        command="ReviewAttention",
        zh="按规则复核",
        en="apply the rule now",
        on="row",
        fills="household_id",
        key="g",
        table="households",
        by="",
    ),
    Action(
        command="JoinHouseholds",
        zh="并案",
        en="join to another case",
        on="row",
        fills="household_id",
        key="y",
        table="households",
        fields=(
            Field(name="into_household_id", zh="并入个案", en="into case", kind="id"),
            REASON,
        ),
        sure=True,
    ),
    Action(
        command="CloseHousehold",
        zh="个案结案",
        en="close the case",
        on="row",
        fills="household_id",
        key="z",
        table="households",
        sure=True,
    ),
    Action(
        command="OpenHousehold",
        zh="建立个案",
        en="open a case",
        on="seat",
        key="o",
        fields=(Field(name="incident_id", zh="警情", en="incident", kind="incident"),),
    ),
    Action(
        command="PutMaterial",
        zh="登记宣传资料",
        en="list material",
        on="seat",
        fields=(
            Field(name="title", zh="名称", en="title", kind="text"),
            Field(name="version", zh="版本", en="version", kind="text"),
            Field(name="where", zh="存放处或链接", en="where it is", kind="text"),
        ),
    ),
    Action(
        command="HandOutMaterial",
        zh="发放",
        en="hand out",
        on="row",
        fills="material_id",
        key="i",
        table="materials",
        fields=(Field(name="n", zh="份数", en="how many", kind="number"),),
    ),
    Action(
        command="DropMaterial",
        zh="撤下",
        en="drop",
        on="row",
        fills="material_id",
        table="materials",
        sure=True,
    ),
    set_term_action("SetViolenceTerm", TERMS),
)
