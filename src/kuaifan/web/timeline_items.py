"""What the timeline says of items (时间线：事项): who owes what until when; nobody's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.kernel.message import Event
from kuaifan.vocabulary import item

ITEM_WORDS: Final[Mapping[type[Event], tuple[str, str]]] = {
    item.ItemOpened: (
        "建立事项 {event.item_id}：{event.title_zh}",
        "item {event.item_id} opened: {event.title_en}",
    ),
    item.ItemMoved: (
        "事项 {event.item_id} 转为 {event.stage}",
        "item {event.item_id} is now {event.stage}",
    ),
    item.ItemHandedOn: ("事项 {event.item_id} 转交", "item {event.item_id} handed on"),
    item.ItemPostponed: ("事项 {event.item_id} 延期", "item {event.item_id} put off"),
    item.ItemNoted: ("事项 {event.item_id} 记事", "item {event.item_id} noted on"),
    item.ItemClosed: (
        "事项 {event.item_id} 办结（{event.outcome}）",
        "item {event.item_id} closed: {event.outcome}",
    ),
    item.ItemRehung: ("事项 {event.item_id} 改挂本警情", "item {event.item_id} came over"),
}
