"""The seat as data (校园专席声明): from it its page is drawn."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Column, Field, Figure, Seat, Table
from kuaifan.board.seat_terms import set_term_action

from .codes import KEY_KINDS, OUTCOMES, PERIODS, SCHOOL_KINDS, YES_NO
from .form_register import REASON, REGISTER
from .kinds import ALARM, KINDS, MISSED
from .terms import TERMS

ACTIONS: Final = (
    Action(
        command="ClearSchoolAlarm",
        zh="现场解除",
        en="clear on scene",
        on="subject",
        fills="incident_id",
        key="j",
        kinds=(ALARM.kind,),
        sure=True,
        fields=(
            Field(name="outcome", zh="结果", en="outcome", kind="choice", choices=OUTCOMES),
            Field(name="note", zh="现场情况", en="what was found", kind="long_text"),
        ),
    ),
    Action(
        command="ExcuseGuard",
        zh="缺岗说明",
        en="explain",
        on="item",
        fills="item_id",
        key="q",
        kinds=(MISSED.kind,),
        fields=(REASON,),
    ),
    Action(
        command="CheckInGuard",
        zh="护学岗签到",
        en="guard checks in",
        on="row",
        fills="post_id",
        key="d",
        table="posts",
        fields=(Field(name="n_officers", zh="到岗人数", en="officers", kind="number"),),
    ),
    Action(
        command="PressSchoolKey",
        zh="代按（测试时段内为测试）",
        en="press for the school",
        on="row",
        fills="key_id",
        key="a",
        table="keys",
        by="",
        sure=True,
        fields=(Field(name="audio", zh="音频链接", en="audio link", kind="text", required=False),),
    ),
    Action(
        command="ScheduleKeyTest",
        zh="安排测试时段",
        en="schedule a test",
        on="seat",
        key="c",
        fields=(
            Field(name="from_ms", zh="开始", en="from", kind="instant"),
            Field(name="until_ms", zh="结束", en="until", kind="instant"),
        ),
    ),
    *REGISTER,
    set_term_action("SetSchoolTerm", TERMS),
)
TABLES: Final = (
    Table(
        name="alarms",
        zh="正在处置",
        en="running alarms",
        columns=(
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="school", zh="学校", en="school"),
            Column(name="gate", zh="校门", en="gate"),
            Column(name="pressed_at_ms", zh="按键", en="pressed", kind="instant"),
            Column(name="on_scene", zh="已到场", en="on scene", kind="code", choices=YES_NO),
            Column(name="plan", zh="预案", en="plan"),
            Column(name="contacts", zh="联系", en="contacts"),
            Column(name="guards", zh="在岗护学岗", en="guards there"),
            Column(name="station", zh="派出所", en="station"),
            Column(name="audio", zh="音频", en="audio"),
        ),
    ),
    Table(
        name="posts",
        zh="护学岗",
        en="guard posts",
        columns=(
            Column(name="row_id", zh="岗", en="post"),
            Column(name="school", zh="学校", en="school"),
            Column(name="gate", zh="校门", en="gate"),
            Column(name="owner", zh="责任", en="owner", kind="owner"),
            Column(name="periods", zh="时段", en="periods", kind="code", choices=PERIODS),
            Column(name="done", zh="最近到岗", en="manned", kind="code", choices=PERIODS),
            Column(name="is_missing", zh="缺岗", en="missing", kind="code", choices=YES_NO),
        ),
    ),
    Table(
        name="keys",
        zh="报警键",
        en="keys",
        columns=(
            Column(name="row_id", zh="键", en="key"),
            Column(name="school", zh="学校", en="school"),
            Column(name="gate", zh="校门", en="gate"),
            Column(name="kind", zh="种类", en="kind", kind="code", choices=KEY_KINDS),
            Column(name="tested_at_ms", zh="最近测试", en="tested", kind="instant"),
            Column(name="is_owed", zh="欠测", en="test owed", kind="code", choices=YES_NO),
        ),
    ),
    Table(
        name="schools",
        zh="学校",
        en="schools",
        columns=(
            Column(name="row_id", zh="编号", en="id"),
            Column(name="name", zh="学校", en="school"),
            Column(name="kind", zh="种类", en="kind", kind="code", choices=SCHOOL_KINDS),
            Column(name="gates", zh="校门", en="gates"),
            Column(name="contacts", zh="联系", en="contacts"),
            Column(name="n_keys", zh="键", en="keys", kind="number"),
            Column(name="n_posts", zh="岗", en="posts", kind="number"),
        ),
    ),
    Table(
        name="calendar",
        zh="校历",
        en="calendar",
        columns=(
            Column(name="title", zh="学期", en="term"),
            Column(name="days_off", zh="停课日", en="days off"),
            Column(name="days_worked", zh="周末上课日", en="weekend days worked"),
            Column(name="periods", zh="护学时段", en="periods"),
        ),
    ),
)
FIGURES: Final = (
    Figure(
        name="ordered_share",
        zh="按键至派警不超过 10 秒",
        en="press to order within 10 s",
        kind="share",
        of="ordered_in_time",
        over="cleared",
    ),
    Figure(
        name="attendance",
        zh="护学岗到岗率",
        en="attendance of guard posts",
        kind="share",
        of="guards_present",
        over="guards_due",
    ),
    Figure(
        name="tested_share",
        zh="报警键测试率",
        en="keys tested in the month",
        kind="share",
        of="keys_tested",
        over="keys_due",
    ),
    Figure(name="alarms", zh="校园报警", en="alarms", kind="count", of="alarms"),
    Figure(name="mistaken", zh="误按", en="mistaken", kind="count", of="cleared_mistaken"),
    Figure(name="tests", zh="测试按键", en="test presses", kind="count", of="tests"),
    Figure(name="late", zh="迟到岗", en="manned late", kind="count", of="guards_late"),
)
SEAT: Final = Seat(
    title_zh="校园一键报警",
    title_en="school alarms",
    about=(
        "校园按键报警、护学岗签到与每月按键测试；有人到场前不得解除。",
        "Alarms of schools, guard posts and the monthly test; cleared by nobody from afar.",
    ),
    readers=("dispatcher", "commander", "call_taker"),
    right="keep_items",
    rights=(
        ("PressSchoolKey", "take_calls"),
        ("ClearSchoolAlarm", "dispatch"),
        *(
            (name, "command")
            for name in (
                *("RegisterSchool", "RetireSchool", "AddSchoolKey", "RetireSchoolKey"),
                *("SetSchoolCalendar", "AddGuardPost", "RetireGuardPost", "SetSchoolTerm"),
            )
        ),
    ),
    order=60,
    kinds=KINDS,
    actions=ACTIONS,
    tables=TABLES,
    figures=FIGURES,
    told=(
        ("SchoolAlarmRaised", "校园报警键 {key_id} 按下", "school key {key_id} pressed"),
        ("SchoolKeyPressedAgain", "报警键 {key_id} 再次按下", "key {key_id} pressed again"),
        ("SchoolAlarmCleared", "现场解除：{outcome}", "cleared on scene: {outcome}"),
    ),
)
