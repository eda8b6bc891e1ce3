"""The seat as data (合成作战声明): from it its page is drawn."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Column, Field, Figure, Seat, Table
from kuaifan.board.seat_terms import set_term_action

from .kinds import BRANCH, BRANCH_WORDS, KINDS, TASK
from .terms import TERMS

BRANCHES: Final = tuple(Choice(code, *words) for code, words in BRANCH_WORDS.items())
LEVELS: Final = (
    Choice("none", "无", "none"),
    Choice("city", "市局督办", "city"),
    Choice("province", "省厅督办", "province"),
    Choice("ministry", "部级督办", "ministry"),
)
URGENCY: Final = (Choice("urgent", "紧急", "urgent"), Choice("usual", "一般", "usual"))
STAGES: Final = tuple(
    Choice(code, *words) for code, words in {**BRANCH.words, **BRANCH.outcomes}.items()
)
REASON: Final = Field(name="reason", zh="理由", en="reason", kind="long_text")
WHAT: Final = Field(name="what", zh="请求内容", en="what is asked", kind="long_text")
ACTIONS: Final = (
    Action(
        command="OpenJointTask",
        zh="发起合成作战",
        en="open a joint task",
        on="incident",
        fills="incident_id",
        key="h",
        fields=(
            WHAT,
            Field(name="lead", zh="牵头人", en="lead", kind="person"),
            Field(name="urgency", zh="缓急", en="urgency", kind="choice", choices=URGENCY),
            Field(
                name="branches",
                zh="警种（不选则按类别）",
                en="branches, by type if none",
                kind="choices",
                choices=BRANCHES,
                required=False,
            ),
        ),
    ),
    Action(
        command="AskBranch",
        zh="增请警种",
        en="ask one more",
        on="row",
        fills="task_id",
        key="z",
        table="tasks",
        fields=(
            Field(name="branch", zh="警种", en="branch", kind="choice", choices=BRANCHES),
            WHAT,
        ),
    ),
    Action(
        command="AcceptBranch",
        zh="受领",
        en="take it",
        on="item",
        fills="item_id",
        key="l",
        kinds=(BRANCH.kind,),
        stages=("asked", "insisted"),
        fields=(Field(name="officer", zh="承办人", en="officer", kind="person"),),
    ),
    Action(
        command="AnswerBranch",
        zh="答复",
        en="answer",
        on="item",
        fills="item_id",
        key="d",
        kinds=(BRANCH.kind,),
        stages=("working",),
        fields=(Field(name="result", zh="结果", en="result", kind="long_text"),),
    ),
    Action(
        command="RefuseBranch",
        zh="退回",
        en="send back",
        on="item",
        fills="item_id",
        key="t",
        kinds=(BRANCH.kind,),
        stages=("asked", "working"),
        fields=(REASON,),
    ),
    Action(
        command="InsistBranch",
        zh="指定办理",
        en="assign all the same",
        on="item",
        fills="item_id",
        key="i",
        kinds=(BRANCH.kind,),
        stages=("refused",),
        fields=(REASON,),
    ),
    Action(
        command="WithdrawBranch",
        zh="撤回请求",
        en="withdraw",
        on="item",
        fills="item_id",
        key="c",
        kinds=(BRANCH.kind,),
        fields=(REASON,),
    ),
    Action(
        command="SetSupervision",
        zh="督办级别",
        en="supervision",
        on="row",
        fills="task_id",
        key="s",
        table="tasks",
        fields=(
            Field(name="level", zh="级别", en="level", kind="choice", choices=LEVELS),
            Field(name="document", zh="文书号", en="document", kind="text"),
        ),
    ),
    Action(
        command="LinkJointCase",
        zh="关联案件",
        en="link the case",
        on="row",
        fills="task_id",
        key="a",
        table="tasks",
        fields=(Field(name="number", zh="案件编号", en="number", kind="text"),),
    ),
    Action(
        command="CloseJointTask",
        zh="办结",
        en="close",
        on="subject",
        fills="task_id",
        key="j",
        kinds=(TASK.kind,),
        sure=True,
        fields=(Field(name="summary", zh="综合结果", en="summary", kind="long_text"),),
    ),
    set_term_action("SetJointTerm", TERMS),
)
TABLES: Final = (
    Table(
        name="tasks",
        zh="合成作战",
        en="joint tasks",
        columns=(
            Column(name="row_id", zh="编号", en="task"),
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="lead", zh="牵头", en="lead"),
            Column(name="urgency", zh="缓急", en="urgency", kind="code", choices=URGENCY),
            Column(name="n_answered", zh="已答复", en="answered", kind="number"),
            Column(name="n_open", zh="未答复", en="open", kind="number"),
            Column(name="supervision", zh="督办", en="supervision", kind="code", choices=LEVELS),
            Column(name="case_number", zh="案件", en="case"),
            Column(name="due_at_ms", zh="期限", en="due", kind="due"),
        ),
    ),
    Table(
        name="parts",
        zh="警种答复",
        en="branches",
        columns=(
            Column(name="branch", zh="警种", en="branch", kind="code", choices=BRANCHES),
            Column(name="incident_id", zh="警情", en="incident", kind="incident"),
            Column(name="stage", zh="状态", en="stage", kind="code", choices=STAGES),
            Column(name="officer", zh="承办", en="officer"),
            Column(name="due_at_ms", zh="期限", en="due", kind="due"),
            Column(name="result", zh="结果", en="result"),
        ),
    ),
)
FIGURES: Final = (
    Figure(
        name="answered_share",
        zh="警种答复率",
        en="branches that answered",
        kind="share",
        of="answered",
        over="asked",
    ),
    Figure(
        name="in_time_share",
        zh="按期答复率",
        en="answered in time",
        kind="share",
        of="answered_in_time",
        over="answered",
    ),
    Figure(name="tasks", zh="合成作战", en="joint tasks", kind="count", of="tasks"),
    Figure(name="closed", zh="办结", en="closed", kind="count", of="closed"),
    Figure(name="refused", zh="退回", en="sent back", kind="count", of="refused"),
    Figure(
        name="ministry", zh="部级督办", en="by the ministry", kind="count", of="supervised_ministry"
    ),
)
SEAT: Final = Seat(
    title_zh="合成作战",
    title_en="joint work",
    about=(
        "一起警情请多个警种：各自受领、按期答复，全部答复或撤回后办结。",
        "An incident asks branches; each takes it and answers in time, and then it ends.",
    ),
    readers=("commander", "dispatcher", "reviewer"),
    right="keep_items",
    rights=(
        ("InsistBranch", "approve"),
        *((name, "command") for name in ("SetSupervision", "SetJointTerm")),
    ),
    order=95,
    kinds=KINDS,
    actions=ACTIONS,
    tables=TABLES,
    figures=FIGURES,
    told=(
        ("JointTaskOpened", "发起合成作战 {task_id}，牵头 {lead}", "joint task {task_id}, {lead}"),
        ("BranchAsked", "请 {branch}", "asked: {branch}"),
        ("BranchAccepted", "{branch} 受领，承办 {officer}", "{branch} takes it: {officer}"),
        ("BranchAnswered", "{branch} 已答复", "{branch} has answered"),
        ("BranchRefused", "{branch} 退回", "{branch} sends it back"),
        ("BranchInsisted", "指定 {branch} 办理", "assigned to {branch} all the same"),
        ("BranchWithdrawn", "撤回对 {branch} 的请求", "{branch} is not asked any more"),
        ("SupervisionSet", "督办级别：{level}", "supervision: {level}"),
        ("JointCaseLinked", "关联案件 {number}", "case {number}"),
        ("JointTaskClosed", "合成作战 {task_id} 办结", "joint task {task_id} is over"),
    ),
)
