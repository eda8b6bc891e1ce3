"""Figures in the text format of Prometheus (指标): counted from any thread, told when asked.

Our own hundred lines: most figures are looked up when asked for, which no client counts for us
(docs/decisions/0015).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Final

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
LATENCY_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)

Labels = tuple[tuple[str, str], ...]


class Counter:
    """What only grows (计数), by labels from fixed vocabularies."""

    def __init__(self, name: str, about: str) -> None:
        self._name, self._about = name, about
        self._lock = threading.Lock()
        self._values: dict[Labels, float] = {}

    def add(self, n: float = 1, **labels: str) -> None:
        """Count n more."""
        key = tuple(sorted(labels.items()))
        with self._lock:
            self._values[key] = self._values.get(key, 0) + n

    def lines(self) -> list[str]:
        """As Prometheus reads it."""
        with self._lock:
            values = sorted(self._values.items())
        return [
            *head(self._name, self._about, "counter"),
            *(sample(self._name, value, labels) for labels, value in values),
        ]


class Histogram:
    """How often a value fell under each bound (直方图)."""

    def __init__(self, name: str, about: str, bounds: tuple[float, ...] = LATENCY_S) -> None:
        self._name, self._about, self._bounds = name, about, bounds
        self._lock = threading.Lock()
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count one value."""
        with self._lock:
            at = next((i for i, bound in enumerate(self._bounds) if value <= bound), -1)
            self._counts[at] += 1
            self._sum += value

    def lines(self) -> list[str]:
        """As Prometheus reads it: each bucket holds the ones before it."""
        with self._lock:
            counts, total = list(self._counts), self._sum
        told, n = head(self._name, self._about, "histogram"), 0
        for bound, count in zip((*map(str, self._bounds), "+Inf"), counts, strict=True):
            n += count
            told.append(sample(f"{self._name}_bucket", n, (("le", bound),)))
        return [*told, sample(f"{self._name}_sum", total), sample(f"{self._name}_count", n)]


def gauge(name: str, about: str, values: Mapping[Labels, float] | float) -> list[str]:
    """What stands at some value now (仪表)."""
    by_labels = values if isinstance(values, Mapping) else {(): values}
    told = [sample(name, value, labels) for labels, value in sorted(by_labels.items())]
    return [*head(name, about, "gauge"), *told]


def counter(name: str, about: str, values: Mapping[Labels, float]) -> list[str]:
    """What only grows, counted elsewhere (计数)."""
    told = [sample(name, value, labels) for labels, value in sorted(values.items())]
    return [*head(name, about, "counter"), *told]


def head(name: str, about: str, kind: str) -> list[str]:
    """What a figure is."""
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]


def sample(name: str, value: float, labels: Iterable[tuple[str, str]] = ()) -> str:
    """One line."""
    inner = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
    return f"{name}{{{inner}}} {value:g}" if inner else f"{name} {value:.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
