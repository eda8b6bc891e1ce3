"""Weights in force (生效权重): read by many threads while others are made, swapped in at once.

A change is made in the set that was in force before, once nobody reads it any more: bringing that
up to date costs a few slots, a copy of a large city's weights several milliseconds.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, NamedTuple
from weakref import WeakSet

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.cch_layout import Rows, Streets, Topology
from kuaifan.roads.cch_scratch import Context
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Slots = tuple[Int32s, ...]


MAX_KEPT_BYTES: Final = 64 * 2**20
"""For weights of hours that come again; some 20 ms are saved each time they change."""


class Draft(NamedTuple):
    """The same arrays as those of a metric, for the writer."""

    rows: Rows
    travel_ms: Int32s
    inward_ms: Int32s


@dataclass(frozen=True, slots=True)
class Metric:
    """The weights of one profile; what is read is read-only.

    inward_ms: the arcs' times in the order of `Inward.arc`.
    """

    streets: Streets
    read: Rows
    inward_ms: Int32s
    draft: Draft


class _Weighed(NamedTuple):
    """Arcs' times and the rows that follow from them, whatever profile they are of."""

    travel_ms: Int32s
    rows: Rows


@dataclass(frozen=True, slots=True)
class Inward:
    """The arcs that lead into each node, for Dijkstra.

    place: (n_arcs,) where each arc stands in `arc`.
    """

    first: Int32s
    tail: Int32s
    arc: Int32s
    place: Int32s


@dataclass(slots=True, eq=False)
class WeightSet:
    """All profiles' weights of one moment.

    read: each profile's streets and rows, as the kernel for all profiles takes them.
    lag: what has changed since, as arcs and each profile's slots; None after more than one change.
    """

    metrics: tuple[Metric, ...]
    read: tuple[tuple[Streets, Rows], ...]
    lag: tuple[Int64s, Slots] | None = field(default=None)


class Weights:
    """The set in force, and the one before it; one writer at a time, readers never wait."""

    def __init__(self, network: RoadNetwork, topology: Topology) -> None:
        self._network, self._topology = network, topology
        self.inward = _list_inward(network)
        self._lock = Lock()
        self._contexts: WeakSet[Context] = WeakSet()
        self._marks = (
            np.zeros(topology.n_slots, np.uint8),
            np.zeros(len(topology.tree.parent), np.uint8),
        )
        self._touched = np.empty(topology.n_slots, np.int32)
        self._kept: list[_Weighed] = []
        self._before: WeightSet | None = None
        self._current = self._new_set()
        for metric, travel_ms in zip(self._current.metrics, network.travel_ms, strict=True):
            self._weigh(metric, travel_ms)

    def new_context(self) -> Context:
        """Buffers for the thread that asks."""
        context = Context(self._network, self._topology)
        with self._lock:
            self._contexts.add(context)
        return context

    def enter(self, context: Context) -> WeightSet:
        """The set in force, kept from the writer until `leave`."""
        while True:
            current = self._current
            context.reading = current
            # Had it been replaced in between, the writer might not have seen that it is read.
            if self._current is current:
                return current

    @property
    def travel_ms(self) -> Int32s:
        """(n_profiles, n_arcs) the arcs' own times in force, as a copy."""
        with self._lock:
            return np.stack([metric.draft.travel_ms for metric in self._current.metrics])

    def replace(self, travel_ms: ArrayLike) -> None:
        """Weigh everything anew, then put it in force; a profile that stays is only copied."""
        given = _check_times(travel_ms, self._network.travel_ms)
        with self._lock:
            draft, current = self._take_before() or self._new_set(), self._current
            for metric, now, times_ms in zip(draft.metrics, current.metrics, given, strict=True):
                if np.array_equal(now.draft.travel_ms, times_ms):
                    _copy(metric, now, slice(None), slice(None))
                    metric.draft.inward_ms[:] = now.inward_ms
                elif not self._recall(metric, times_ms):
                    self._weigh(metric, times_ms)
                    self._keep(metric)
            self._put_in_force(draft, None)

    def change(self, arcs: ArrayLike, travel_ms: ArrayLike) -> None:
        """Weigh anew what some arcs touch, then put it in force.

        travel_ms: (n_profiles, k).
        """
        changed = np.array(arcs, np.int64).reshape(-1)
        n_arcs = self._network.n_arcs
        if not np.all((changed >= 0) & (changed < n_arcs)):
            raise ValueError(f"an arc to be changed is not among the {n_arcs} of this network")
        given = _check_times(travel_ms, self._network.travel_ms[:, changed])
        with self._lock:
            draft = self._up_to_date()
            slots = tuple(
                self._change(metric, changed, times_ms)
                for metric, times_ms in zip(draft.metrics, given, strict=True)
            )
            self._put_in_force(draft, (changed, slots))

    def _weigh(self, metric: Metric, travel_ms: Int32s) -> None:
        from kuaifan.roads.cch_weigh_kernel import weigh

        topology = self._topology
        metric.draft.travel_ms[:] = travel_ms
        metric.draft.inward_ms[:] = travel_ms[self.inward.arc]
        times_ms = metric.streets.travel_ms
        weigh(topology.tree, topology.landings, topology.arcs, times_ms, metric.draft.rows)

    def _recall(self, metric: Metric, travel_ms: Int32s) -> bool:
        """Whether these very times have been weighed lately; they are then copied from there."""
        at = (i for i, kept in enumerate(self._kept) if np.array_equal(kept.travel_ms, travel_ms))
        found = next(at, None)
        if found is None:
            return False
        self._kept.append(self._kept.pop(found))
        to, kept = metric.draft, self._kept[-1]
        to.travel_ms[:], to.inward_ms[:] = travel_ms, travel_ms[self.inward.arc]
        to.rows.up_ms[:], to.rows.down_ms[:] = kept.rows.up_ms, kept.rows.down_ms
        return True

    def _keep(self, metric: Metric) -> None:
        """Hours come again every day: the last weighed are kept, as many as there is room for."""
        draft = metric.draft
        rows = Rows(draft.rows.up_ms.copy(), draft.rows.down_ms.copy())
        self._kept.append(_Weighed(draft.travel_ms.copy(), rows))
        n_bytes = draft.travel_ms.nbytes + rows.up_ms.nbytes + rows.down_ms.nbytes
        del self._kept[: max(0, len(self._kept) - MAX_KEPT_BYTES // n_bytes)]

    def _change(self, metric: Metric, changed: Int64s, travel_ms: Int32s) -> Int32s:
        """The slots that have changed with some arcs."""
        from kuaifan.roads.cch_change_kernel import change

        if np.array_equal(metric.draft.travel_ms[changed], travel_ms):
            # A closed road is walked as before.
            return np.empty(0, np.int32)
        topology = self._topology
        metric.draft.travel_ms[changed] = travel_ms
        metric.draft.inward_ms[self.inward.place[changed]] = travel_ms
        weights = metric.streets.travel_ms, changed
        shape = topology.tree, topology.landings, topology.below, topology.arcs
        n_touched = change(shape, weights, metric.draft.rows, self._marks, self._touched)
        return self._touched[:n_touched].copy()

    def _take_before(self) -> WeightSet | None:
        """The set before this one, if nobody reads it any more; it is then the taker's."""
        before, self._before = self._before, None
        if before is None or any(context.reading is before for context in self._contexts):
            return None
        return before

    def _up_to_date(self) -> WeightSet:
        """A set like the one in force that nobody reads."""
        draft, current = self._take_before(), self._current
        lag = None if draft is None else draft.lag
        draft = draft or self._new_set()
        for profile, (to, source) in enumerate(zip(draft.metrics, current.metrics, strict=True)):
            if lag is None:
                _copy(to, source, slice(None), slice(None))
                to.draft.inward_ms[:] = source.inward_ms
            else:
                _copy(to, source, lag[0], lag[1][profile])
                at = self.inward.place[lag[0]]
                to.draft.inward_ms[at] = source.inward_ms[at]
        return draft

    def _put_in_force(self, draft: WeightSet, lag: tuple[Int64s, Slots] | None) -> None:
        draft.lag = None
        self._before, self._current = self._current, draft
        self._before.lag = lag

    def _new_set(self) -> WeightSet:
        rank, network = self._topology.rank, self._network
        ends = _read_only(rank[network.tail]), _read_only(rank[network.head])
        n_slots, n_arcs = self._topology.n_slots, network.n_arcs
        metrics = []
        for _ in network.profiles:
            rows = Rows(np.empty(n_slots, np.uint32), np.empty(n_slots, np.uint32))
            travel_ms, inward_ms = np.empty(n_arcs, np.int32), np.empty(n_arcs, np.int32)
            streets = Streets(*ends, network.twin, _read_only(travel_ms))
            read = Rows(_read_only(rows.up_ms), _read_only(rows.down_ms))
            draft = Draft(rows, travel_ms, inward_ms)
            metrics.append(Metric(streets, read, _read_only(inward_ms), draft))
        return WeightSet(tuple(metrics), tuple((each.streets, each.read) for each in metrics))


def _copy(to: Metric, source: Metric, arcs: Int64s | slice, slots: Int32s | slice) -> None:
    to.draft.travel_ms[arcs] = source.draft.travel_ms[arcs]
    to.draft.rows.up_ms[slots] = source.draft.rows.up_ms[slots]
    to.draft.rows.down_ms[slots] = source.draft.rows.down_ms[slots]


def _check_times(travel_ms: ArrayLike, map_ms: Int32s) -> Int32s:
    """Times that may stand for those of the map; only a turn arc, which takes none there, has 0."""
    given = np.asarray(travel_ms, np.int64)
    if given.shape != map_ms.shape:
        raise ValueError(f"times of the shape {map_ms.shape} are needed, these have {given.shape}")
    if not np.all((given >= np.minimum(map_ms, 1)) & (given <= UNREACHABLE_MS)):
        raise ValueError(f"an arc's time must be 1 to {UNREACHABLE_MS} ms, which closes it")
    return given.astype(np.int32)


def _list_inward(network: RoadNetwork) -> Inward:
    # Streets that nobody drives through stand behind all others, where no search comes.
    head = np.where(network.is_through, network.head, network.n_nodes)
    order = np.argsort(head, kind="stable").astype(np.int32)
    first = np.searchsorted(head[order], np.arange(network.n_nodes + 1))
    place = np.empty(network.n_arcs, np.int32)
    place[order] = np.arange(network.n_arcs, dtype=np.int32)
    tail = network.tail[order]
    return Inward(_read_only(first.astype(np.int32)), _read_only(tail), order, place)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """A view, so that the writer's own array stays writable."""
    view = array.view()
    view.flags.writeable = False
    return view
