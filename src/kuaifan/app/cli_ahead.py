"""`kuaifan twin ahead` and `kuaifan twin what-if` (前瞻与反事实), from the board of a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from kuaifan.app.cli_twin import Json, PerDay
from kuaifan.app.limits import SEED, within
from kuaifan.app.printing import print_json, print_lines, print_progress
from kuaifan.kernel.errors import BadInputError

if TYPE_CHECKING:
    from kuaifan.app.twin_ahead import AheadFigures, Mean, WhatIf
    from kuaifan.city.city import City
    from kuaifan.store.log_place import LogPlace

Minutes = Annotated[int, within(5, 720)]
Replications = Annotated[int, within(10, 1_000)]
N_CIRCLES = 8
SAID = {
    "p90_s": ("90th percentile of response", " s", 1.0),
    "mean_s": ("mean response", " s", 1.0),
    "late_share": ("late", " points", 100.0),
    "unreached": ("not reached", "", 1.0),
    "lost_min": ("circles empty", " min", 1.0),
}


def ahead(  # noqa: PLR0913 - one parameter an option
    *,
    db: str,
    city: Path | None = None,
    at: str = "",
    minutes: Minutes = 60,
    replications: Replications = 20,
    per_day: PerDay | None = None,
    seed: Annotated[int, SEED] = 1,
    policy: str = "",
    json: Json = False,
) -> int:
    """Look ahead from the board of a moment (前瞻): calls, response, circles likely to be empty.

    Simulated people take up everything as the log has it and go on, with calls drawn for the hours
    ahead. Nothing is written; the desk may serve meanwhile.

    Parameters
    ----------
    db
        Database URL of the log, such as sqlite:///out/log.db.
    city
        The city folder; without it, where the log says the city lay.
    at
        The moment, such as 2026-01-05T15:00, in the city's time; the end of the log without it.
    minutes
        How far ahead.
    replications
        How many runs, each with its own calls and luck.
    per_day
        Handled calls a day; as many as the city has without it.
    seed
        Of all luck: same seed, same figures.
    policy
        A variant in force at every desk, as for `twin run`; what holds without it.
    """
    from kuaifan.app.twin_ahead import AheadAsk, look_ahead, state_of_log

    log, folder, at_ms = _moment(db, city, at)
    ask = AheadAsk(
        minutes=minutes,
        n_replications=replications,
        seed=seed,
        policy=policy,
        per_day=per_day,
    )
    saved = state_of_log(log, folder, at_ms)
    found = look_ahead(saved, folder, ask, print_progress)
    print_json(found) if json else print_lines(ahead_lines(found))
    return 0


def what_if(  # noqa: PLR0913 - one parameter an option
    *,
    db: str,
    at: str,
    city: Path | None = None,
    policy: str = "",
    choose: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    minutes: Minutes = 60,
    replications: Replications = 20,
    per_day: PerDay | None = None,
    seed: Annotated[int, SEED] = 1,
    json: Json = False,
) -> int:
    """Hold another policy or choice at a moment against what held (反事实), run by run.

    Both begin with the board of that moment and meet the same drawn calls with the same luck.

    Parameters
    ----------
    db
        Database URL of the log.
    at
        The moment, such as 2026-01-05T15:00, in the city's time.
    city
        The city folder; without it, where the log says the city lay.
    policy
        A variant in force at every desk, as for `twin run`.
    choose
        Orders given at that moment instead, such as J71=P3.
    minutes
        How far ahead.
    replications
        How many pairs of runs.
    per_day
        Handled calls a day; as many as the city has without it.
    seed
        Of all luck.
    """
    from kuaifan.app.twin_ahead import AheadAsk, look_otherwise, state_of_log

    log, folder, at_ms = _moment(db, city, at)
    ask = AheadAsk(
        minutes=minutes,
        n_replications=replications,
        seed=seed,
        policy=policy,
        choose=read_choices(choose or []),
        per_day=per_day,
    )
    saved = state_of_log(log, folder, at_ms)
    found = look_otherwise(saved, folder, ask, print_progress)
    print_json(found) if json else print_lines(what_if_lines(found))
    return 0


def read_choices(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Read `INCIDENT=UNIT`; raises BadInputError for what is none."""
    found = []
    for text in texts:
        incident_id, is_pair, unit_id = text.partition("=")
        if not (incident_id and is_pair and unit_id):
            raise BadInputError(f"--choose {text!r}: write an incident and a unit, such as J71=P3")
        found.append((incident_id, unit_id))
    return tuple(found)


def ahead_lines(found: AheadFigures) -> Iterator[str]:
    """The time ahead in words."""
    yield (
        f"{found.minutes} min ahead of {found.at} (record {found.seq}), {found.n_replications} "
        f"runs, policy {found.policy}; 95 % intervals"
    )
    yield f"  calls expected         {_span(found.calls)}"
    yield f"  incidents opened       {_span(found.incidents)}"
    yield f"  response p50 / p90 s   {_span(found.p50_s)} / {_span(found.p90_s)}"
    yield f"  late, %                {_span(found.late_share, 100)}"
    yield f"  not reached            {_span(found.unreached)}"
    yield f"  circle minutes empty   {_span(found.lost_min)}"
    lost = [each for each in found.circles if each.lost_share > 0]
    yield f"  circles likely to be empty within the time: {len(lost)} of {len(found.circles)}"
    for each in lost[:N_CIRCLES]:
        yield (
            f"    {each.post_id} {each.name}: in {each.lost_share:.0%} of runs "
            f"({each.low:.0%} to {each.high:.0%}), {each.lost_min:g} min"
        )


def what_if_lines(found: WhatIf) -> Iterator[str]:
    """The difference in words."""
    base = found.base
    yield (
        f"{found.asked} at {base.at} against what held, {base.n_replications} pairs of runs, "
        f"{base.minutes} min ahead"
    )
    for name, (what, unit, scale) in SAID.items():
        each = found.differences.get(name)
        if each is None:
            continue
        mean, low, high = (scale * value for value in (each.mean, each.t_low, each.t_high))
        sure = "sure" if each.is_sure else "NOT sure: it may be luck"
        if not (mean or low or high):
            yield f"  {what}: the same in every run"
        else:
            yield (
                f"  {what}: {mean:+.2f}{unit} (from {scale * each.base:.2f}; 95 % interval "
                f"{low:+.2f} to {high:+.2f}; {sure})"
            )


def _span(mean: Mean, scale: float = 1.0) -> str:
    if mean.mean is None:
        return "–"
    if mean.low is None or mean.high is None:
        return f"{scale * mean.mean:.1f}"
    return f"{scale * mean.mean:.1f} ({scale * mean.low:.1f} to {scale * mean.high:.1f})"


def _moment(db: str, city: Path | None, at: str) -> tuple[LogPlace, City, int | None]:
    """The log, its city, and the moment in it."""
    from zoneinfo import ZoneInfo

    from kuaifan.app.replay_city import read_city_of

    log, folder = read_city_of(db, city)
    if not at:
        return log, folder, None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise BadInputError(f"--at {at!r} is no moment: give one like 2026-01-05T15:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(folder.meta.time_zone))
    return log, folder, round(moment.timestamp() * 1000)
