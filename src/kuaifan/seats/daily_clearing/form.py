"""The seat as data (两清一规范声明): from it its page is drawn."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Field, Seat

from .form_choices import CASE_ENDS, CASE_KINDS, LEVELS, OWNERS, QUALITY, RULE_CHOICES
from .form_tables import FIGURES, TABLES
from .kinds import CASE, CHECK, KINDS, SAMPLE, SMALL, TASK, UNCLEARED

BY_NOTE: Final = Field(name="note", zh="说明", en="note", kind="long_text")
REASON: Final = Field(name="reason", zh="理由", en="reason", kind="long_text")
NOTE: Final = Field(name="note", zh="说明", en="note", kind="long_text", required=False)
TO: Final = (
    Field(name="to_kind", zh="责任类别", en="kind of owner", kind="choice", choices=OWNERS),
    Field(name="to_id", zh="责任人（姓名、警组或指挥席编号）", en="owner", kind="text"),
)
CORE_ACTIONS: Final = (
    Action(
        command="ReviewIncident",
        zh="评查确认",
        en="reviewed",
        on="incident",
        fills="incident_id",
        key="p",
        by="reviewer_id",
        fields=(
            Field(
                name="final_type_code",
                zh="最终类别代码",
                en="final type",
                kind="id",
                required=False,
            ),
        ),
    ),
    Action(
        command="CloseIncident",
        zh="办结（逐起）",
        en="close, one by one",
        on="incident",
        fills="incident_id",
        key="y",
        sure=True,
        fields=(
            Field(name="disposition", zh="办结结果或理由", en="result or reason", kind="long_text"),
        ),
    ),
)
CLEARING_ACTIONS: Final = (
    Action(
        command="GiveOpenReason",
        zh="说明未清理由",
        en="give a dated reason",
        on="incident",
        fills="incident_id",
        key="l",
        kinds=(UNCLEARED.kind,),
        fields=(
            REASON,
            Field(name="owner", zh="责任人", en="owner", kind="person"),
            Field(name="until_ms", zh="办结期限", en="until", kind="instant"),
        ),
    ),
    Action(
        command="LinkCase",
        zh="关联案件",
        en="link a case",
        on="incident",
        fills="incident_id",
        key="a",
        fields=(
            Field(name="kind", zh="案件种类", en="kind", kind="choice", choices=CASE_KINDS),
            Field(name="number", zh="案件编号", en="number", kind="text"),
            Field(name="officer", zh="主办民警", en="officer", kind="person"),
            Field(
                name="receipt_given",
                zh="已给受案回执",
                en="receipt given",
                kind="yes_no",
                required=False,
            ),
        ),
    ),
    Action(
        command="LinkCameraFile",
        zh="关联执法记录仪",
        en="link a camera file",
        on="incident",
        fills="incident_id",
        key="m",
        fields=(
            Field(name="order_id", zh="派警单", en="order", kind="id"),
            Field(name="reference", zh="文件编号", en="file", kind="text"),
        ),
    ),
)
CHECK_ACTIONS: Final = (
    Action(
        command="ConfirmDefect",
        zh="确认，下发整改",
        en="confirm, to be corrected",
        on="item",
        fills="item_id",
        key="q",
        kinds=(CHECK.kind,),
        stages=("to_judge",),
        fields=(
            *TO,
            Field(name="due_at_ms", zh="整改期限", en="due", kind="instant", required=False),
            NOTE,
        ),
    ),
    Action(
        command="DismissDefect",
        zh="不成立",
        en="dismiss",
        on="item",
        fills="item_id",
        key="b",
        kinds=(CHECK.kind,),
        stages=("to_judge",),
        fields=(REASON,),
    ),
    Action(
        command="ReportCorrected",
        zh="整改反馈",
        en="corrected",
        on="item",
        fills="item_id",
        key="z",
        kinds=(CHECK.kind,),
        stages=("correcting",),
        fields=(BY_NOTE,),
    ),
    Action(
        command="CheckCorrection",
        zh="整改复核",
        en="look at the correction",
        on="item",
        fills="item_id",
        key="f",
        kinds=(CHECK.kind,),
        stages=("to_check",),
        fields=(Field(name="holds", zh="整改到位", en="it holds", kind="yes_no"), NOTE),
    ),
    Action(
        command="PassSample",
        zh="抽检通过",
        en="nothing found",
        on="item",
        fills="item_id",
        key="g",
        kinds=(SAMPLE.kind,),
        fields=(NOTE,),
    ),
    Action(
        command="AddDefect",
        zh="补登问题",
        en="add a finding",
        on="incident",
        fills="incident_id",
        key="n",
        fields=(
            Field(name="rule", zh="问题", en="finding", kind="choice", choices=RULE_CHOICES),
            BY_NOTE,
        ),
    ),
)
CASE_ACTIONS: Final = (
    Action(
        command="GiveCaseReceipt",
        zh="给受案回执",
        en="give the receipt",
        on="row",
        fills="case_id",
        key="r",
        table="cases",
        sure=True,
    ),
    Action(
        command="ExtendCheck",
        zh="延长审查至 7 日",
        en="seven days to check",
        on="subject",
        fills="case_id",
        key="7",
        kinds=(CASE.kind,),
        stages=("accepted",),
        fields=(REASON,),
    ),
    Action(
        command="AskCaseExtension",
        zh="申请延期",
        en="ask for more time",
        on="subject",
        fills="case_id",
        key="e",
        kinds=(CASE.kind,),
        stages=("checking", "filed", "extended"),
        fields=(REASON,),
    ),
    Action(
        command="DecideCaseExtension",
        zh="审批延期",
        en="decide on more time",
        on="subject",
        fills="case_id",
        key="v",
        kinds=(CASE.kind,),
        stages=("checking", "filed", "extended"),
        fields=(
            Field(name="agrees", zh="同意", en="agree", kind="yes_no"),
            Field(name="reason", zh="理由", en="reason", kind="long_text", required=False),
        ),
    ),
    Action(
        command="FileCase",
        zh="立案",
        en="file",
        on="subject",
        fills="case_id",
        key="i",
        kinds=(CASE.kind,),
        stages=("accepted", "checking", "checking_long"),
        sure=True,
    ),
    Action(
        command="EndCase",
        zh="结案",
        en="end",
        on="subject",
        fills="case_id",
        key="j",
        kinds=(CASE.kind,),
        sure=True,
        fields=(
            Field(name="outcome", zh="结果", en="outcome", kind="choice", choices=CASE_ENDS),
            Field(name="reason", zh="理由", en="reason", kind="long_text", required=False),
        ),
    ),
    Action(
        command="ReportLawQuality",
        zh="登记执法质量结果",
        en="law quality",
        on="row",
        fills="case_id",
        key="u",
        table="cases",
        fields=(
            Field(name="code", zh="结果", en="result", kind="choice", choices=QUALITY),
            Field(name="document", zh="文书号", en="document", kind="text"),
        ),
    ),
)
SMALL_ACTIONS: Final = tuple(
    Action(
        command="StepSmallCase",
        zh=zh,
        en=en,
        on="item",
        fills="item_id",
        key=key,
        kinds=(SMALL.kind,),
        stages=(stage,),
        fields=(
            Field(
                name="done", zh="步骤", en="step", kind="choice", choices=(Choice(stage, zh, en),)
            ),
            *more,
            BY_NOTE,
        ),
    )
    for key, stage, zh, en, more in (
        (
            *("1", "to_watch", "确定盯办", "watch"),
            (Field(name="officer", zh="盯办民警", en="officer", kind="person"),),
        ),
        ("2", "to_examine", "现场已勘查", "scene examined", ()),
        ("3", "to_study", "已研判", "studied", ()),
    )
)
DROP: Final = Action(
    command="DropSmallCase",
    zh="非盗窃，撤销",
    en="no theft",
    on="item",
    fills="item_id",
    key="4",
    kinds=(SMALL.kind,),
    fields=(REASON,),
)
MEETING_ACTIONS: Final = (
    Action(
        command="OpenMeeting",
        zh="开会（议程自动生成）",
        en="open the meeting",
        on="seat",
        key="h",
        fields=(
            Field(name="level", zh="层级", en="level", kind="choice", choices=LEVELS),
            Field(name="chair", zh="主持人", en="chair", kind="person"),
            Field(name="link", zh="视频会议链接", en="video link", kind="text", required=False),
        ),
    ),
    Action(
        command="WriteMinutes",
        zh="记录",
        en="minutes",
        on="row",
        fills="line_id",
        key="w",
        table="agenda",
        fields=(Field(name="text", zh="会议记录", en="what was said", kind="long_text"),),
    ),
    Action(
        command="GiveMeetingTask",
        zh="交办",
        en="give a task",
        on="row",
        fills="line_id",
        key="t",
        table="agenda",
        fields=(
            Field(name="text", zh="事项", en="task", kind="long_text"),
            *TO,
            Field(name="due_at_ms", zh="期限", en="due", kind="instant"),
        ),
    ),
    Action(
        command="EndMeetingTask",
        zh="交办办结",
        en="task done",
        on="item",
        fills="item_id",
        key="o",
        kinds=(TASK.kind,),
        fields=(
            Field(
                name="outcome",
                zh="结果",
                en="outcome",
                kind="choice",
                choices=(Choice("done", "已办", "done"), Choice("dropped", "撤销", "dropped")),
            ),
            NOTE,
        ),
    ),
    Action(
        command="EndMeeting",
        zh="散会",
        en="end the meeting",
        on="seat",
        key="s",
        fields=(Field(name="meeting_id", zh="会议编号", en="meeting", kind="id"),),
    ),
)
TERMS: Final = Action(
    command="SetDailyTerms",
    zh="更改规程参数",
    en="change the terms",
    on="seat",
    fields=(
        REASON,
        *(
            Field(name=name, zh=zh, en=en, kind="number", required=False)
            for name, zh, en in (
                ("sample_percent", "抽检比例（%）", "drawn by lot, %"),
                ("final_h", "处结时限（小时）", "final result, hours"),
                ("uncleared_h", "未清销号（小时）", "to clear, hours"),
                ("judge_h", "问题认定（小时）", "to judge, hours"),
                ("correct_h", "整改（小时）", "to correct, hours"),
                ("check_h", "复核（小时）", "to look again, hours"),
                ("keep_case_days", "案件结案后留在席面（天）", "cases kept on the page, days"),
            )
        ),
        Field(
            name="rules_off",
            zh="停用的规则",
            en="rules not used",
            kind="choices",
            choices=RULE_CHOICES[:-1],
            required=False,
        ),
    ),
)
SEAT: Final = Seat(
    title_zh="两清一规范",
    title_en="daily clearing",
    about=(
        "每日九点核对昨日警情：办结、转案件、转调解、移交，或有带期限的理由；评查按规则整改。",
        "At nine each incident of yesterday is closed, in other hands, or has a dated reason.",
    ),
    readers=("reviewer", "commander", "dispatcher"),
    right="review_cases",
    rights=(
        *((name, "keep_items") for name in ("GiveOpenReason", "ReportCorrected", "StepSmallCase")),
        *((name, "keep_items") for name in ("LinkCase", "LinkCameraFile", "EndMeetingTask")),
        ("DecideCaseExtension", "approve"),
        ("SetDailyTerms", "command"),
    ),
    order=90,
    kinds=KINDS,
    actions=(
        *CORE_ACTIONS,
        *CLEARING_ACTIONS,
        *CHECK_ACTIONS,
        *CASE_ACTIONS,
        *SMALL_ACTIONS,
        DROP,
        *MEETING_ACTIONS,
        TERMS,
    ),
    tables=TABLES,
    figures=FIGURES,
    told=(
        ("OpenReasonGiven", "说明未清理由，责任人 {owner}，至 {until_ms}", "stays open: {owner}"),
        ("IncidentCleared", "未清警情销号", "off the list of the uncleared"),
        ("CameraFileLinked", "{order_id} 关联记录仪 {reference}", "{order_id}: {reference}"),
        ("CaseLinked", "受案 {number}，主办 {officer}", "case {number}, {officer}"),
        ("CaseReceiptGiven", "已给受案回执", "the receipt was given"),
        ("CaseExtensionAsked", "申请延长办案期限", "more time was asked for"),
        ("CaseExtensionRefused", "延期未批", "no more time"),
        ("CaseExtended", "办案期限延至 {due_at_ms}", "the case runs until {due_at_ms}"),
        ("CaseFiled", "案件 {case_id} 立案", "case {case_id} was filed"),
        ("CaseEnded", "案件 {case_id} 结案：{outcome}", "case {case_id}: {outcome}"),
        ("LawQualityReported", "执法质量：{code}（{document}）", "{code} ({document})"),
        ("DefectJudged", "评查问题 {paper_id} 已认定", "finding {paper_id} was judged"),
        ("DefectCorrected", "评查问题 {paper_id} 已整改", "finding {paper_id} was corrected"),
        ("CorrectionChecked", "评查问题 {paper_id} 整改已复核", "correction of {paper_id} checked"),
        ("SamplePassed", "抽检未发现问题", "drawn by lot, nothing found"),
        ("SmallCaseStepped", "民生小案：{done}", "small case: {done}"),
        ("MinutesWritten", "会议 {meeting_id} 已记录", "spoken of in meeting {meeting_id}"),
        ("MeetingTaskGiven", "会议 {meeting_id} 已交办", "task of meeting {meeting_id}"),
    ),
)
