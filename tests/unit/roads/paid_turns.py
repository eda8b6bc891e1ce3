"""What each turn takes by the words of the rule, from the stretches of a random map."""

from collections import Counter
from math import atan2, cos, degrees, radians

from unit.roads.driven_histories import SPOTS

from kuaifan.roads.turn_times import TURN_MS, TurnPenalties


def bearing_deg(step):
    (lat, lon), (to_lat, to_lon) = (SPOTS[node - 1] for node in step[1:])
    return degrees(atan2((to_lon - lon) * cos(radians(30.0)), to_lat - lat))


class Turns:
    """What each turn takes by the words of the rule, from the stretches of the map."""

    def __init__(self, raw, steps, where, profile):
        pairs = {(step[0], frozenset(step[1:])) for step in steps}
        self.n_streets = Counter(node for _, pair in pairs for node in pair)
        word = {way.way_id: way.highway for way in raw.ways}
        self.main = {node for way, pair in pairs for node in pair if word[way] == "tertiary"}
        self.where, self.ms = where, TURN_MS[profile]

    def __call__(self, before, after):
        node = before[2]
        if self.where == TurnPenalties.OFF or self.n_streets[node] < 3:
            return 0
        if self.where == TurnPenalties.MAIN and node not in self.main:
            return 0
        if (before[0], before[2], before[1]) == after:
            return self.ms[3]
        bend_deg = (bearing_deg(after) - bearing_deg(before) + 180.0) % 360.0 - 180.0
        assert min(abs(abs(bend_deg) - 40.0), abs(abs(bend_deg) - 150.0)) > 0.2
        if abs(bend_deg) <= 40.0:
            return 0
        return self.ms[3] if abs(bend_deg) >= 150.0 else self.ms[1 if bend_deg > 0.0 else 2]
