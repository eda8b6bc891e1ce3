"""Types that a caller's words point to (警情类别联想): plain words, no model, and it says why.

Three sources, in order of weight: phrases people use, the name of a type in parts, and its code.
It suggests; the call-taker decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from kuaifan.vocabulary.incident_types import IncidentType

MAX_SUGGESTED: Final = 8
MIN_PART_CHARS: Final = 2
PHRASE_WEIGHT: Final = 10
SEPARATORS: Final = re.compile(r"[、,，;；:：()（）/\s]+")

PHRASES: Final[Mapping[str, tuple[str, ...]]] = {
    "homicide": ("杀人", "捅死", "砍死", "尸体", "没气了"),
    "serious_assault": ("持刀", "拿刀", "动刀", "砍人", "捅人", "砍伤", "捅伤", "流血", "重伤"),
    "kidnap_hostage": ("绑架", "劫持", "人质", "关起来", "不让走"),
    "sexual_assault": ("强奸", "性侵", "迷奸"),
    "mass_attack": ("放火", "投毒", "炸弹", "驾车冲撞", "撞人群"),
    "firearm_explosive": ("枪", "雷管", "炸药"),
    "abduction_trafficking": ("拐卖", "拐走", "抱走孩子", "抢孩子"),
    "robbery_snatching": ("抢劫", "抢夺", "抢包", "抢手机", "被抢"),
    "burglary_in_progress": ("有人撬门", "撬锁", "翻窗", "小偷在屋里", "正在偷"),
    "burglary_cold": ("家里被盗", "家被偷", "入室盗窃", "门被撬了"),
    "vehicle_theft": ("车被偷", "汽车被盗", "摩托车被偷"),
    "ebike_theft": ("电动车被偷", "电瓶车被偷", "电瓶被偷", "电动车不见了"),
    "theft_property": ("手机被偷", "钱包被偷", "扒窃", "小偷"),
    "extortion": ("敲诈", "勒索", "裸聊"),
    "telecom_fraud_payable": ("被骗", "转账", "刷单", "冒充客服", "电信诈骗", "网络诈骗", "骗了"),
    "fraud_dissuasion": ("正在转账", "快要转账", "正在被骗"),
    "fight_in_progress": ("打架", "斗殴", "打起来", "互殴", "围殴", "打群架"),
    "assault_past": ("被打", "打了我", "挨打", "打人"),
    "dv_in_progress": ("家暴", "老公打我", "丈夫打", "打老婆", "我老公在打"),
    "threat_harassment": ("骚扰", "威胁", "恐吓", "跟踪我", "尾随"),
    "indecency_voyeurism": ("猥亵", "偷拍", "露阴", "摸我"),
    "child_harm_bullying": ("欺凌", "霸凌", "学生被打"),
    "drunk_provocation": ("醉酒闹事", "耍酒疯", "酒后闹事", "寻衅"),
    "disorder": ("闹事", "堵门", "扰乱"),
    "noise": ("噪音", "吵", "扰民", "音响", "广场舞", "KTV", "唱歌"),
    "object_thrown_from_height": ("高空抛物", "楼上扔"),
    "dog": ("狗", "犬", "被狗咬"),
    "vice": ("赌博", "打麻将", "卖淫", "嫖娼"),
    "drug_use": ("吸毒", "溜冰"),
    "dangerous_goods": ("管制刀具", "易燃易爆"),
    "collision_fatal_serious": ("撞死", "车祸死", "压在车下"),
    "collision_injury": ("撞伤", "车祸有人受伤", "车祸伤", "撞到人", "撞人了"),
    "collision_damage": ("追尾", "剐蹭", "刮蹭", "碰车", "车祸", "两车相撞"),
    "collision_nonmotor": ("撞电动车", "撞自行车"),
    "hit_and_run": ("肇事逃逸", "撞了就跑", "跑了", "逃逸"),
    "impaired_driving": ("酒驾", "醉驾", "酒后开车"),
    "congestion_signal": ("堵车", "拥堵", "红绿灯坏"),
    "parking_obstruction": ("挪车", "违停", "堵住车", "挡住"),
    "road_obstruction": ("路上有障碍", "抛洒", "掉在路上"),
    "dangerous_driving": ("飙车", "炸街"),
    "structure_fire": ("着火", "起火", "失火", "冒烟", "火灾"),
    "outdoor_fire": ("车着火", "山火", "草着火"),
    "gas_leak": ("煤气泄漏", "燃气泄漏", "煤气味", "液化气漏"),
    "utility_hazard": ("电线掉", "漏电", "水管爆"),
    "natural_disaster": ("洪水", "被淹", "塌方", "滑坡"),
    "crowd_crush_risk": ("踩踏", "拥挤"),
    "suspicious_object": ("可疑包裹", "可疑物品", "可疑箱子"),
    "family_dispute": ("家庭纠纷", "和老婆吵架", "夫妻吵架", "家里吵"),
    "relationship_dispute": ("分手", "男朋友", "女朋友", "前男友", "前妻"),
    "neighbour_dispute": ("邻居", "楼上", "漏水"),
    "debt_dispute": ("欠钱", "要账", "讨债", "不还钱"),
    "consumer_dispute": ("退货", "退款", "消费纠纷", "吃饭"),
    "wage_dispute": ("欠薪", "工资", "讨薪"),
    "medical_dispute": ("医闹", "医疗纠纷"),
    "fare_dispute": ("打车", "车费", "出租车", "网约车"),
    "suicide_in_progress": ("跳楼", "割腕", "自杀", "跳河", "轻生"),
    "suicide_risk": ("不想活", "想死", "遗书"),
    "drowning": ("溺水", "落水", "掉河里", "掉水里"),
    "person_trapped": ("被困", "电梯困人", "困在"),
    "medical_emergency": ("晕倒", "昏倒", "心脏病", "没反应", "抽搐", "摔伤"),
    "mental_crisis": ("精神病", "精神异常", "发病"),
    "drunk_incapable": ("醉倒", "喝多了", "醉酒", "躺在路边"),
    "poisoning": ("煤气中毒", "一氧化碳"),
    "missing_vulnerable": ("孩子不见", "孩子走丢", "老人走失", "老人走丢", "走失", "小孩丢"),
    "missing_adult": ("失联", "联系不上", "失踪"),
    "found_person": ("捡到小孩", "迷路的老人", "弃婴"),
    "lost_property": ("丢了", "遗失", "落在车上", "掉了"),
    "found_property": ("捡到", "拾到", "拾得"),
    "lockout": ("开锁", "没带钥匙", "锁在门外", "进不了门"),
    "dangerous_animal": ("蛇", "马蜂", "蜂窝", "野猪"),
    "police_service_complaint": ("投诉民警", "不出警", "出警慢"),
    "school_panic_alarm": ("校园报警", "学校一键"),
    "institution_panic_alarm": ("银行报警", "一键报警"),
    "iot_alarm": ("烟感", "烟雾报警"),
}
"""What people say, by the key of the type."""


class Suggestion(msgspec.Struct, frozen=True):
    """A type with the words that point to it (联想结果)."""

    code: str
    name_cn: str
    priority: int
    why: str


def suggest_types(types: Mapping[str, IncidentType], text: str) -> list[Suggestion]:
    """Types that a text points to: the strongest first, then the graver, then by code."""
    text = text.strip()
    if not text:
        return []
    found: list[tuple[int, Suggestion]] = []
    for each in types.values():
        weight, why = _match(each, text)
        if weight:
            found.append((weight, Suggestion(each.code, each.name_cn, each.priority, why)))
    found.sort(key=lambda pair: (-pair[0], pair[1].priority, pair[1].code))
    return [suggestion for _, suggestion in found[:MAX_SUGGESTED]]


def _match(incident_type: IncidentType, text: str) -> tuple[int, str]:
    """How strongly a type fits, and the words that say so; (0, '') where none do."""
    if text == incident_type.code:
        return 10 * PHRASE_WEIGHT, text
    said = [phrase for phrase in PHRASES.get(incident_type.key, ()) if phrase in text]
    parts = [part for part in _parts(incident_type) if part in text or text in part]
    longest = max((*said, *parts), key=len, default="")
    spoken = sum(PHRASE_WEIGHT + len(phrase) for phrase in said)
    return spoken + sum(min(len(part), len(text)) for part in parts), longest


def _parts(incident_type: IncidentType) -> list[str]:
    parts = SEPARATORS.split(incident_type.name_cn)
    return [part for part in parts if len(part) >= MIN_PART_CHARS]
