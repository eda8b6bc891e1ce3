"""Forms of the register (校园登记表单): schools with their gates and rooms, keys, posts, calendar.

A school and the calendar are changed by the form that they were given with, which begins with what
holds.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Field

from .codes import KEY_KINDS, PERIODS, SCHOOL_KINDS

REASON: Final = Field(name="reason", zh="理由", en="reason", kind="long_text")
GATE: Final = (
    Field(name="gate_id", zh="编号", en="id", kind="id"),
    Field(name="name", zh="校门", en="gate", kind="text"),
    Field(name="lat", zh="纬度", en="latitude", kind="lat"),
    Field(name="lon", zh="经度", en="longitude", kind="lon"),
)
CONTACT: Final = (
    Field(name="place", zh="处所", en="room", kind="text", help=("如门卫室", "such as guard room")),
    Field(name="phone", zh="电话", en="phone", kind="phone"),
)
DAY: Final = (Field(name="", zh="日期", en="day", kind="day"),)
PERIOD: Final = (
    Field(name="period", zh="时段", en="period", kind="choice", choices=PERIODS),
    Field(name="begins", zh="开始", en="begins", kind="clock"),
    Field(name="ends", zh="结束", en="ends", kind="clock"),
)


def school_fields(*, is_change: bool) -> tuple[Field, ...]:
    """What is said of a school; of a change all but its id, beginning with what holds."""
    now = (lambda name: name) if is_change else (lambda _name: "")
    own = () if is_change else (Field(name="school_id", zh="编号", en="id", kind="id"),)
    return (
        *own,
        Field(name="name", zh="学校", en="school", kind="text", begins=now("name")),
        Field(
            name="kind",
            zh="种类",
            en="kind",
            kind="choice",
            choices=SCHOOL_KINDS,
            begins=now("kind"),
        ),
        Field(
            name="gates",
            zh="校门",
            en="gates",
            kind="rows",
            rows=GATE,
            most=12,
            begins=now("gates_now"),
        ),
        Field(
            name="plan",
            zh="预案步骤",
            en="plan, step by step",
            kind="long_text",
            help=("一行一步：去哪里、锁什么", "a step a line: where to go, what to lock"),
            begins=now("plan_now"),
        ),
        Field(
            name="contacts",
            zh="联系处（只登记处所，不登记个人）",
            en="rooms that answer, no persons",
            kind="rows",
            rows=CONTACT,
            most=8,
            begins=now("contacts_now"),
        ),
    )


REGISTER: Final = (
    Action(
        command="RegisterSchool",
        zh="登记学校",
        en="register a school",
        on="seat",
        key="n",
        fields=school_fields(is_change=False),
    ),
    Action(
        command="RegisterSchool",
        zh="变更学校",
        en="change the school",
        on="row",
        fills="school_id",
        key="x",
        table="schools",
        fields=school_fields(is_change=True),
    ),
    Action(
        command="SetSchoolCalendar",
        zh="更改校历",
        en="change the calendar",
        on="row",
        key="l",
        table="calendar",
        fields=(
            Field(name="first_day", zh="开学", en="first day", kind="day", begins="first_day"),
            Field(name="last_day", zh="放假", en="last day", kind="day", begins="last_day"),
            Field(
                name="days_off",
                zh="学期中停课日",
                en="days off in term",
                kind="rows",
                rows=DAY,
                most=200,
                required=False,
                begins="days_off",
            ),
            Field(
                name="days_worked",
                zh="周末上课日",
                en="weekend days worked",
                kind="rows",
                rows=DAY,
                most=200,
                required=False,
                begins="days_worked",
            ),
            Field(
                name="periods",
                zh="护学时段",
                en="periods",
                kind="rows",
                rows=PERIOD,
                most=4,
                required=False,
                help=("不填则用常用时段", "the usual ones where none is given"),
                begins="periods_now",
            ),
        ),
    ),
    Action(
        command="AddSchoolKey",
        zh="登记报警键",
        en="add a key",
        on="row",
        fills="school_id",
        key="k",
        table="schools",
        fields=(
            Field(name="key_id", zh="键编号", en="key", kind="id"),
            Field(name="gate_id", zh="校门编号", en="gate", kind="id"),
            Field(name="kind", zh="种类", en="kind", kind="choice", choices=KEY_KINDS),
        ),
    ),
    Action(
        command="AddGuardPost",
        zh="设护学岗",
        en="add a guard post",
        on="row",
        fills="school_id",
        key="g",
        table="schools",
        fields=(
            Field(name="post_id", zh="岗编号", en="post", kind="id"),
            Field(name="gate_id", zh="校门编号", en="gate", kind="id"),
            Field(
                name="owner_kind",
                zh="责任类别",
                en="kind of owner",
                kind="choice",
                choices=(Choice("unit", "警组", "unit"), Choice("desk", "指挥席", "desk")),
            ),
            Field(name="owner_id", zh="责任警组或指挥席", en="owner", kind="id"),
            Field(name="periods", zh="时段", en="periods", kind="choices", choices=PERIODS),
        ),
    ),
    Action(
        command="RetireSchool",
        zh="撤销学校",
        en="retire the school",
        on="row",
        fills="school_id",
        table="schools",
        sure=True,
        fields=(REASON,),
    ),
    Action(
        command="RetireSchoolKey",
        zh="撤销报警键",
        en="retire the key",
        on="row",
        fills="key_id",
        table="keys",
        fields=(REASON,),
    ),
    Action(
        command="RetireGuardPost",
        zh="撤护学岗",
        en="give up the post",
        on="row",
        fills="post_id",
        table="posts",
        fields=(REASON,),
    ),
)
