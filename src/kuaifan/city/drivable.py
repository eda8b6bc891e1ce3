"""Which streets a police car may drive, and in which direction (可通行道路), from OSM tags.

The rules are those of a crew that answers a call, not of a private car:

* classes: those of the road network, bus roads among them; footways, cycleways,
  tracks and streets under construction are left out;
* access: the most specific of `motorcar`, `motor_vehicle`, `vehicle`, `access` decides;
  `no`, `agricultural`, `forestry` and `military` close a street; `emergency=yes` opens it again;
  `private` closes a service road (a gate, a yard) but not a street: crews do enter the private
  streets of a gated estate (小区); bus lanes, customers', delivery and destination roads are open;
* streets that are only planned, no longer in use or a ferry are none, whatever their class;
* a motor road (汽车专用路) is open to cars as any other;
* service roads: car park aisles, driveways and drive-throughs are yards, not streets;
* one-way: `oneway` decides, -1 is against the drawn direction; where it is silent, motorways and
  roundabouts are one-way; a reversible lane is left out, because its direction is not on the map.
"""

from collections.abc import Mapping

from kuaifan.roads.network import ROAD_CLASSES, WALK_CLASSES

DRIVABLE = frozenset(ROAD_CLASSES) - WALK_CLASSES
MAX_NAME_CHARS = 200
_ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_EMERGENCY_OPEN = frozenset({"yes", "designated", "official"})
CLOSED_WORDS = frozenset({"no", "agricultural", "forestry", "military"})
"""Access words that keep a crew's car out."""

OPEN_WORDS = frozenset(
    {"yes", "permissive", "designated", "official", "destination", "customers", "delivery"}
)
"""Access words by which a car passes what would bar it."""

_NOT_IN_USE = ("construction", "proposed", "abandoned", "disused", "razed", "demolished")
_YARDS = frozenset({"parking_aisle", "parking", "driveway", "drive-through", "car_wash"})
_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_BOTH = frozenset({"no", "false", "0"})
_ROUND = frozenset({"roundabout", "circular"})
_NO_DIRECTION = frozenset({"reversible", "alternating"})


def find_obstacle(tags: Mapping[str, str]) -> str | None:
    """Why a crew cannot drive this way, as a cause word; None if it can."""
    highway = tags.get("highway", "")
    obstacles = {
        "not_drivable": highway not in DRIVABLE,
        "not_in_use": any(tags.get(key) == "yes" for key in _NOT_IN_USE),
        "ferry": tags.get("route") == "ferry",
        "area": tags.get("area") == "yes",
        "reversible": tags.get("oneway") in _NO_DIRECTION,
        "service_yard": highway == "service" and tags.get("service") in _YARDS,
    }
    found = next((cause for cause, is_so in obstacles.items() if is_so), None)
    return found or find_closure(tags)


def is_out_of_use(tags: Mapping[str, str]) -> bool:
    """Whether nobody goes there at all: it is planned, given up, or a ferry."""
    return tags.get("route") == "ferry" or any(tags.get(key) == "yes" for key in _NOT_IN_USE)


def find_closure(tags: Mapping[str, str]) -> str | None:
    """What access words keep a crew's car out, as a cause word."""
    highway = tags.get("highway", "")
    access = find_access(tags) or "yes"
    if access in CLOSED_WORDS:
        return "access_no"
    if access == "private" and highway == "service":
        return "private_service"
    return None


def find_access(tags: Mapping[str, str]) -> str | None:
    """The most specific access word for a crew's car; None where nothing is said (通行权)."""
    if tags.get("emergency") in _EMERGENCY_OPEN:
        return "yes"
    return next((tags[key] for key in _ACCESS_KEYS if key in tags), None)


def get_direction(tags: Mapping[str, str]) -> int:
    """1 along the drawn direction only, -1 against it only, 0 both ways (单行方向)."""
    oneway = tags.get("oneway", "")
    if oneway in _FORWARD:
        return 1
    if oneway in _BACKWARD:
        return -1
    if oneway in _BOTH:
        return 0
    implied = tags.get("highway") == "motorway" or tags.get("junction") in _ROUND
    return 1 if implied else 0


def get_street_name(tags: Mapping[str, str]) -> str:
    """The name a Chinese desk reads: `name:zh`, else `name`, else the road number `ref`."""
    name = tags.get("name:zh") or tags.get("name") or tags.get("ref") or ""
    return " ".join(name.split())[:MAX_NAME_CHARS]
