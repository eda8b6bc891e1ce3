"""States of an item, each built by commands alone (事项状态)."""

from toy_city import START_MS

from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import Owner

DUE_MS = START_MS + 10**9
SUN = Owner("person", "Sun")


def _late(scene):
    _ = scene.item_id
    scene.desk.run_until(scene.desk.now_s + 10**6 + 1)


def _put_off(scene):
    for n in range(1, 4):
        later = items.PostponeItem(
            item_id=scene.item_id, due_at_ms=DUE_MS + n, by="Sun", reason="the court is shut"
        )
        scene.do(later)


ITEMS = {
    "unknown": lambda s: s.ids.update(item_id="W99"),
    "open": lambda s: s.item_id,
    "late": _late,
    "put off three times": _put_off,
    "closed": lambda s: s.do(items.EndTask(item_id=s.item_id, outcome="done", by="Sun")),
}
