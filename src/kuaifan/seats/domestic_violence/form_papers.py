"""Forms of the papers (文书操作): letters, orders, referrals, the safe contact."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Action, Choice, Field
from kuaifan.seats.domestic_violence.form_choices import (
    NOTE,
    OUTCOMES,
    PARTIES,
    REASON,
    REFEREES,
)
from kuaifan.seats.domestic_violence.kinds import (
    CONFIRM,
    LETTER,
    PROTECTED_CALL,
    PROTECTION,
    REFERRAL,
    SAFETY_CALL,
)

PAPER_ACTIONS: Final = (
    Action(
        command="IssueWarning",
        zh="出具告诫书",
        en="issue a letter",
        on="incident",
        fills="incident_id",
        key="w",
        kinds=(CONFIRM.kind, SAFETY_CALL.kind),
        fields=(
            Field(name="number", zh="文号", en="number", kind="text"),
            Field(name="facts", zh="家暴事实", en="facts", kind="long_text"),
        ),
    ),
    Action(
        command="ServeWarning",
        zh="登记送达",
        en="served",
        on="item",
        fills="item_id",
        kinds=(LETTER.kind,),
        stages=("to_serve",),
        fields=(
            Field(name="party", zh="送达对象", en="served on", kind="choice", choices=PARTIES),
            Field(name="is_signed", zh="本人签收", en="signed", kind="yes_no"),
            Field(
                name="witness",
                zh="拒签见证人",
                en="witness of a refusal",
                kind="text",
                required=False,
            ),
        ),
    ),
    Action(
        command="TellCommittee",
        zh="告知居（村）委会",
        en="tell the committee",
        on="item",
        fills="item_id",
        kinds=(LETTER.kind,),
        stages=("to_tell",),
        fields=(
            Field(name="committee", zh="居（村）委会", en="committee", kind="text"),
            Field(name="received_by", zh="接收人", en="received by", kind="text"),
        ),
    ),
    Action(
        command="WithdrawWarning",
        zh="撤销告诫书",
        en="withdraw the letter",
        on="item",
        fills="item_id",
        kinds=(LETTER.kind,),
        fields=(REASON,),
        sure=True,
    ),
    Action(
        command="RegisterProtection",
        zh="登记保护令",
        en="register an order",
        on="row",
        fills="household_id",
        key="p",
        table="households",
        fields=(
            Field(name="court", zh="法院", en="court", kind="text"),
            Field(name="number", zh="文号", en="number", kind="text"),
            Field(name="address", zh="保护地址", en="protected address", kind="text"),
            Field(name="lat", zh="纬度", en="latitude", kind="lat"),
            Field(name="lon", zh="经度", en="longitude", kind="lon"),
            Field(name="from_ms", zh="生效", en="from", kind="instant"),
            Field(name="until_ms", zh="到期（不超过六个月）", en="until", kind="instant"),
            Field(name="measures", zh="措施", en="measures", kind="long_text", required=False),
        ),
    ),
    Action(
        command="ExtendProtection",
        zh="延长保护令",
        en="extend",
        on="item",
        fills="item_id",
        kinds=(PROTECTION.kind,),
        fields=(Field(name="until_ms", zh="新到期日", en="until", kind="instant"),),
    ),
    Action(
        command="AskExtension",
        zh="征询延长意愿",
        en="ask about an extension",
        on="item",
        fills="item_id",
        kinds=(PROTECTION.kind,),
        stages=("in_force",),
        fields=(Field(name="is_wanted", zh="希望延长", en="wanted", kind="yes_no"), NOTE),
    ),
    Action(
        command="EndProtection",
        zh="终止保护令",
        en="end the order",
        on="item",
        fills="item_id",
        kinds=(PROTECTION.kind,),
        fields=(
            Field(
                name="outcome",
                zh="原因",
                en="how",
                kind="choice",
                choices=(
                    Choice("expired", "到期", "expired"),
                    Choice("revoked", "法院撤销", "revoked"),
                ),
            ),
            Field(name="reason", zh="说明", en="reason", kind="text", required=False),
        ),
        sure=True,
    ),
    Action(
        command="JudgeProtectedCall",
        zh="研判是否违反",
        en="judge",
        on="item",
        fills="item_id",
        key="j",
        kinds=(PROTECTED_CALL.kind,),
        fields=(
            Field(name="is_breach", zh="违反保护令", en="a breach", kind="yes_no"),
            NOTE,
        ),
    ),
    Action(
        command="AgreeSafeContact",
        zh="约定安全联系方式",
        en="agree a safe contact",
        on="row",
        fills="household_id",
        key="a",
        table="households",
        fields=(
            Field(name="number", zh="号码", en="number", kind="phone"),
            Field(
                name="from_min",
                zh="自几时（当日第几分钟）",
                en="from (minute of day)",
                kind="number",
            ),
            Field(
                name="to_min", zh="至几时（当日第几分钟）", en="to (minute of day)", kind="number"
            ),
        ),
    ),
    Action(
        command="ReferHousehold",
        zh="转介",
        en="refer",
        on="row",
        fills="household_id",
        key="r",
        table="households",
        fields=(
            Field(name="to", zh="单位", en="to", kind="choice", choices=REFEREES),
            Field(name="what", zh="事项", en="what for", kind="long_text"),
        ),
    ),
    Action(
        command="ReceiveReferral",
        zh="登记回执",
        en="receipt",
        on="item",
        fills="item_id",
        kinds=(REFERRAL.kind,),
        stages=("sent",),
        fields=(Field(name="receiver", zh="接收人", en="received by", kind="text"),),
    ),
    Action(
        command="EndReferral",
        zh="转介办结",
        en="end the referral",
        on="item",
        fills="item_id",
        kinds=(REFERRAL.kind,),
        fields=(
            Field(name="outcome", zh="结果", en="outcome", kind="choice", choices=OUTCOMES),
            NOTE,
        ),
    ),
)
