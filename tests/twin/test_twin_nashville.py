"""Two hundred real calls on real roads: every one to its end, twice alike, as it is written."""

import json
import math
from collections import Counter, defaultdict

import pytest
from nashville import N_CALLS, run_nashville
from twin_runs import ends_of_calls

from kuaifan.app.cli import run as run_command
from kuaifan.kernel.record import Record, Sighting
from kuaifan.store.verify import verify_log


@pytest.fixture(name="records", scope="module")
def fixture_records(run):
    return [item for item in run.items if isinstance(item, Record)]


def test_every_call_of_the_file_is_closed_or_named(run, records):
    ends = ends_of_calls(records)
    assert sorted(ends) == list(range(len(run.calls)))
    figures = run.summary.figures
    # A run does not wait the days that a special seat has; it names how many it leaves there.
    assert Counter(ends.values()) == {"closed": N_CALLS - figures.n_held, "lost": figures.n_held}
    assert figures.n_held < N_CALLS / 10
    assert (figures.n_calls, figures.n_open) == (N_CALLS, 0)
    # Patrols find a few by themselves.
    assert figures.n_incidents == N_CALLS + figures.events["SelfInitiated"]
    assert figures.n_closed == figures.n_incidents - figures.n_held
    assert figures.faults == {}


def test_the_same_seed_decides_the_same_and_another_seed_does_not(poa, nashville, run, tmp_path):
    again = run_nashville(poa, nashville, tmp_path / "again", seed=1).summary
    assert again.content_hash == run.summary.content_hash
    assert again.figures == run.summary.figures
    assert again.head_hash != run.summary.head_hash, "sealing has to be random"
    other = run_nashville(poa, nashville, tmp_path / "other", seed=2).summary
    assert other.content_hash != run.summary.content_hash
    assert (other.figures.n_calls, other.figures.n_open) == (N_CALLS, 0)


def test_a_replay_finds_every_decision_and_recommendation_identical(poa, run, capsys):
    url = f"sqlite:///{run.out / 'log.db'}"
    assert run_command(["replay", "--db", url, "--city", str(poa.path), "--json"]) == 0
    report, figures = json.loads(capsys.readouterr().out), run.summary.figures
    assert report["identical"] is True
    assert report["n_records"] == figures.n_records == run.summary.head_seq
    assert report["n_recommendations"] == figures.n_recommendations > 0
    assert report["n_fixes"] == figures.n_fixes
    assert report["content_hash"] == run.summary.content_hash


def test_the_chain_of_the_log_verifies(run, records):
    report = verify_log(run.out / "log.db")
    assert report.ok, report.reason
    assert report.n_records == len(records)
    assert report.n_sightings == sum(isinstance(item, Sighting) for item in run.items)
    assert report.head_hash == run.summary.head_hash


def test_the_figures_of_the_summary_are_those_of_the_records(run, records):
    written, figures = json.loads((run.out / "summary.json").read_bytes()), run.summary.figures
    assert written["content_hash"] == run.summary.content_hash
    counts = Counter(type(event).__name__ for record in records for event in record.events)
    assert figures.n_calls == counts["CallRegistered"]
    assert figures.n_incidents == counts["IncidentOpened"]
    assert figures.n_closed == counts["IncidentClosed"] - counts["IncidentReopened"]
    assert figures.calls.n_answered == counts["CallAnswered"]
    assert sum(figures.alarms.values()) == counts["AlarmRaised"]
    assert sum(figures.orders_by_desk.values()) == counts["UnitAssigned"]
    assert figures.agencies["told"] == counts["AgencyTold"]
    assert figures.n_by_phone == counts["IncidentSettled"]
    assert figures.n_orders == counts["UnitAssigned"]
    assert figures.n_recommendations == counts["RecommendationMade"]
    assert figures.n_unsigned_alarms == counts["OrderUnsigned"]
    assert figures.n_feedback_overdue == counts["FeedbackOverdue"]
    assert figures.n_records == len(records)
    refused = [record for record in records if record.refusal is not None]
    assert sum(figures.refusals.values()) == len(refused) + sum(len(r.refused) for r in records)
    assert figures.n_fixes == sum(
        len(item.observation.unit_ids) for item in run.items if isinstance(item, Sighting)
    )


def _median_s(durations_ms):
    return sorted(durations_ms)[math.ceil(len(durations_ms) / 2) - 1] / 1000


def test_the_response_times_are_those_between_the_stamps(run, records):
    """First arrival minus answer, by the priority at the end, worked out from the events alone."""
    answered, call_of, priority, settled = {}, {}, {}, set()
    arrived, order_at = defaultdict(list), defaultdict(list)
    for record in records:
        for event in record.events:
            name = type(event).__name__
            if name == "CallAnswered":
                answered[event.call_id] = record.at_ms
            elif name in {"IncidentOpened", "PrioritySet"}:
                call_of.setdefault(event.incident_id, getattr(event, "call_id", ""))
                priority[event.incident_id] = event.priority
            elif name == "UnitAssigned":
                order_at[event.incident_id].append(record.at_ms)
            elif name == "UnitArrived":
                arrived[event.incident_id].append(record.at_ms)
            elif name == "IncidentSettled":
                settled.add(event.incident_id)
    caller, unit = defaultdict(list), defaultdict(list)
    for incident_id in set(arrived) - settled:
        if call_of[incident_id]:
            caller[priority[incident_id]].append(
                min(arrived[incident_id]) - answered[call_of[incident_id]]
            )
        unit[priority[incident_id]].append(min(arrived[incident_id]) - min(order_at[incident_id]))
    told = run.summary.figures.by_priority
    assert {f"P{p}": _median_s(times) for p, times in sorted(caller.items())} == {
        name: figures.response_s.p50_s for name, figures in told.items()
    }
    assert {f"P{p}": _median_s(times) for p, times in sorted(unit.items())} == {
        name: figures.unit_response_s.p50_s for name, figures in told.items()
    }
    assert {f"P{p}": len(times) for p, times in sorted(unit.items())} == {
        name: figures.n_incidents - figures.n_without_arrival for name, figures in told.items()
    }
