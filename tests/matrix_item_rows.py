"""Items: one plausible command each (事项命令样例)."""

from matrix_item_states import DUE_MS, SUN
from matrix_row import row
from matrix_scene import PLACE

from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import Owner


def _merge_from(scene):
    return items.RehangItems(
        incident_id=scene.incident_id, into_incident_id=scene.desk.opened("020302", PLACE)
    )


ITEM_ROWS = (
    row(
        items.GiveTask,
        lambda s: items.GiveTask(
            incident_id=s.incident_id, text="ask the owner", to=SUN, due_at_ms=DUE_MS, by="Li"
        ),
    ),
    row(
        items.EndTask,
        lambda s: items.EndTask(item_id=s.item_id, outcome="done", by="Sun"),
    ),
    row(
        items.EndTask,
        lambda s: items.EndTask(item_id=s.item_id, outcome="dropped", by="Sun"),
        "dropped without a word",
    ),
    row(items.TakeItem, lambda s: items.TakeItem(item_id=s.item_id, by="Qian")),
    row(
        items.HandOnItem,
        lambda s: items.HandOnItem(
            item_id=s.item_id, to=Owner("desk", "d1"), by="Sun", reason="their ground"
        ),
    ),
    row(
        items.HandOnItem,
        lambda s: items.HandOnItem(
            item_id=s.item_id, to=Owner("desk", "nowhere"), by="Sun", reason="their ground"
        ),
        "to a desk that is not there",
    ),
    row(
        items.PostponeItem,
        lambda s: items.PostponeItem(
            item_id=s.item_id, due_at_ms=DUE_MS + 10**7, by="Sun", reason="the court is shut"
        ),
    ),
    row(items.NoteItem, lambda s: items.NoteItem(item_id=s.item_id, text="called", by="Sun")),
    row(items.RehangItems, _merge_from, "", "item"),
)
