"""`kuaifan phone` (话机): a simulated telephone system that talks to a running desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from kuaifan.app.limits import SEED, within
from kuaifan.app.printing import print_json, print_lines, print_progress
from kuaifan.kernel.errors import BadInputError

if TYPE_CHECKING:
    from kuaifan.gateway.phone_plan import Posting

app = App(name="phone", help="Simulate a telephone system (话机仿真).")
Flag = Annotated[bool, Parameter(negative="")]
Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]


@app.command
def simulate(
    *,
    url: str = "http://127.0.0.1:8110",
    key_file: Path | None = None,
    calls: Annotated[int, within(1, 100_000)] = 20,
    seed: Annotated[int, SEED] = 1,
    speed: Annotated[float, within(0, 10_000)] = 1.0,
    answers: Annotated[bool, Parameter(negative="--no-answers")] = True,
    faults: Flag = False,
    json: Json = False,
) -> int:
    """Ring at a desk as a telephone system would, over HTTP (仿真来电).

    Parameters
    ----------
    url
        Address of the desk.
    key_file
        The desk's key; else KUAIFAN_PHONE_KEY is read.
    calls
        How many callers ring.
    seed
        Which callers: the same seed gives the same calls, once each at one desk.
    speed
        How many times as fast as life; 0: as fast as the desk answers.
    answers
        Whether simulated people pick up at extensions 8001 to 8003; else callers ring until they
        give up, or until a person at the desk answers.
    faults
        Send doubles, disorder, wrong clocks and unreadable texts as well.
    """
    from kuaifan.app.phone import PhoneOptions
    from kuaifan.gateway.phone_plan import PhonePlan, plan_calls
    from kuaifan.gateway.phone_simulator import PhoneSimulator

    key = PhoneOptions(key_file=key_file).find_key()
    if key is None:
        raise BadInputError("no key: give --key-file as at the desk, or set KUAIFAN_PHONE_KEY")
    plan = PhonePlan(n_calls=calls, seed=seed, answers=answers, faults=faults)
    simulator = PhoneSimulator(url, key)
    try:
        told = simulator.run(plan_calls(plan), speed=speed, say=_say)
    finally:
        simulator.close()
    if json:
        print_json(told)
    else:
        marks = ", ".join(f"{n} {mark}" for mark, n in told.marks.items())
        print_lines(
            [
                f"{told.n_sent} events of {calls} callers: {told.n_taken} taken ({marks})",
                f"{told.n_refused} refused; {len(told.call_ids)} calls at the desk",
            ]
        )
    return 0


def _say(posting: Posting, answer: dict[str, Any]) -> None:
    message = posting.message
    print_progress(
        f"{message['call']} {message['event']}: {answer.get('call_id', '')} "
        f"{answer.get('said_en', answer.get('reason_en', ''))}"
    )
