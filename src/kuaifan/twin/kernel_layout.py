"""The tables of the fast kernel (快速仿真数据表): a run as arrays, one column a thing.

A place is one of the few hundred to few thousand spots that calls and posts lie on; road times
between them are worked out once. A unit under way counts as where it set out until half of its
drive is over, then as where it goes to.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
UInt64s = NDArray[np.uint64]

MAX_TEAM: Final = 12
"""So many units at most are sent to one call; no plan asks for more at once."""

# Columns of a call: what is known of it, then what becomes of it. Times in ms from the start.
AT, PLACE, PRIORITY, N_NEEDED, WANTED, OWNER, PRICES, TARGET = range(8)
SKILL, IS_WISH, SERVICE, TURNOUT = range(8, 12)
N_SENT, N_OUT, IS_MET, IS_WAITING, SENT_AT, THERE_AT = range(12, 18)
N_CALL_COLUMNS: Final = 18
"""WANTED: skills every unit is scored by; SKILL: what one unit of the team must, or should, have.

OWNER: the station whose ground it is; PRICES: its row in the prices of the lines; N_SENT: units
out or done; N_OUT: units out; IS_MET: somebody out or done has SKILL. -1 = not yet.
"""

# Columns of a unit: what it is, then where it is and what it does.
LINE, SKILLS, CALM, URGENT, HOME, HOME_POST, HAS_WHEELS = range(7)
STATE, FROM, TO, HALF_AT, CALL, POST, CIRCLE, N_MOVES, BUSY_SINCE, BUSY_MS = range(7, 17)
N_UNIT_COLUMNS: Final = 17
"""CALM, URGENT: the profiles it drives by; HOME, POST, FROM, TO: places; HOME_POST: its station.

CIRCLE: the circle it was moved up to, -1 at home; N_MOVES: within the last SHIFT_MS.
"""

# Columns of an order: which call, -1 for a move-up; which unit; when; how.
ORDER_CALL, ORDER_UNIT, ORDER_AT, ORDER_HOW = range(4)
SENT, TURNED, MOVED, SENT_HOME = range(4)

# What a run is told to do.
PAYS_CIRCLES, CAN_DIVERT, CAN_MOVE_UP, MAX_MOVES, N_KEPT, SAMPLE_MS, WARM_UP_MS = range(7)
LOST_MS, EDGE_MS, MAX_SHIFT_MOVES, AWAY_MS, LATE_MS, TURNS_IN_TIME = range(7, 13)
N_RULES: Final = 13
"""MAX_MOVES, MAX_SHIFT_MOVES: of one unit and of all within SHIFT_MS, 0 = any number.

N_KEPT: units kept for what is urgent; SAMPLE_MS: 0 = off. WARM_UP_MS: before it nobody's work and
no empty circle is counted. LOST_MS, EDGE_MS: what a circle left empty costs, and its last reserve;
AWAY_MS: what the calls to come lose in so long is the price instead, 0 = it is not. LATE_MS: what a
unit costs that would be late at what is not urgent. TURNS_IN_TIME: as the policy has it.
"""
BY_CIRCLES, BY_COVERAGE, BY_ALL_CIRCLES = 1, 2, 3
"""How units are moved up, in CAN_MOVE_UP; 0 = not at all."""

# What a run counts.
N_QUEUED, N_ORDERS, N_TURNED, N_MOVED, SAMPLED_MS, MOST_QUEUED, QUEUE_MS = range(7)
N_OF_LATE, OF_LATE_FROM = range(7, 9)
N_COUNTS: Final = 9
"""N_OF_LATE: move-ups within SHIFT_MS; OF_LATE_FROM: the first order that is not older."""

# Kinds of what happens, in the order in which they do at one moment; calls come last.
ARRIVES, IS_DONE, IS_HOME, GOES_BACK = range(4)
UNIT_BITS: Final = 14
KIND_BITS: Final = 2
AT_SHIFT: Final = UNIT_BITS + KIND_BITS
MAX_UNITS: Final = 1 << (UNIT_BITS - 1)
NEVER: Final = (1 << 62) - 1

ON_FOOT_MS: Final = 900_000
"""Where no road leads home."""
HELD_MS: Final = 3_600_000
"""So long a unit stands at another post before it is sent home."""
SHIFT_MS: Final = 28_800_000


class Sim(NamedTuple):
    """One run (一次运行): what is given, then what is written.

    calls: (N_CALL_COLUMNS, n); units: (N_UNIT_COLUMNS, n_units), by unit id. travel_ms:
    (profiles, places, places), [:, to, from]. within: (profiles, places, words), the circles whose
    ring a place is in, as bits; post_places: (n_circles,); reach: (n_circles, words), circles held
    from each post. line_ms: (kinds of call, lines + 1). orders: (n, 4). lost_ms, demand:
    (n_circles,). cover: see below. wait_ms: (profiles, places, n_circles), how long the calls of a
    circle wait for a unit there.
    """

    calls: Int64s
    units: Int64s
    travel_ms: Int32s
    within: UInt64s
    post_places: Int64s
    reach: UInt64s
    rules: Int64s
    weights: Int64s
    line_ms: Int64s
    crews: Int64s
    tree: Int64s
    queue: Int64s
    scratch: Int64s
    masks: UInt64s
    counts: Int64s
    orders: Int64s
    lost_ms: Int64s
    demand: Int64s
    cover: Int64s
    wait_ms: Int32s


# Rows of the scratch: per unit, and one after another the free ones and where each counts as being.
SCORE, DRIVE, TEAM, GOING, FREE, FREE_AT, PRICE = range(7)
N_SCRATCH: Final = 7

# Rows of the cover: per circle, and what the next unit adds where 0, 1 ... others reach.
WEIGHT, N_REACHING, ADDED = range(3)
