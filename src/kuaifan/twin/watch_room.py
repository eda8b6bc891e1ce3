"""Simulated eyes on the alarms (仿真告警值守): each is taken up by whom it is for, then acted on.

A dispatcher takes up what is the desk's, the supervisor what a clock has passed on to him.
"""

from __future__ import annotations

from typing import Any, Final

from kuaifan.board.papers import Alarm
from kuaifan.kernel.message import Command, Event
from kuaifan.twin.audience import Act, Hearer
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import SUPERVISOR, dispatcher_of
from kuaifan.twin.world import World, luck_of
from kuaifan.vocabulary import agency as agencies
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary import emergency as emergencies
from kuaifan.vocabulary.voice import WORDS, EnterVoiceReport

TAKE_UP_S: Final = (14.0, 0.5)
URGENT_S: Final = (6.0, 0.4)
CONTACT_S: Final = (45.0, 0.5)
END_S: Final = (480.0, 0.5)
ASK_AGAIN_MS: Final = 15_000
RADIO_CHECK_MS: Final = 12_000
MOST_ASKED: Final = 3
LIFE_SAVERS: Final = frozenset({"119", "120"})
"""A refusal of these is not taken for an answer; the others' matters go to the crew."""
SECOND: Final = f"{SUPERVISOR}:second"


class WatchRoom(Hearer):
    """Dispatchers and supervisors before the list of alarms (仿真告警值守)."""

    def __init__(self, world: World) -> None:
        self._world = world
        acts: dict[type[Event], Act] = {
            alarms.AlarmRaised: self._raised,
            alarms.AlarmTakenUp: self._taken_up,
            agencies.AgencyRefused: self._refused,
            emergencies.EmergencyDeclared: self._step,
            emergencies.EmergencyTakenUp: self._step,
            emergencies.VoiceContactConfirmed: self._step,
        }
        super().__init__(acts)

    def resume(self, at_ms: int) -> None:
        """Take up every alarm and emergency as the board has them."""
        for alarm in self._world.board.alarms.values():
            if not alarm.taken_up_by:
                self._take_up_later(alarm, at_ms)
        for emergency in self._world.board.emergencies.values():
            if emergency.state != "ended":
                self._step(emergency, at_ms)

    def _raised(self, event: alarms.AlarmRaised, at_ms: int) -> None:
        alarm = self._world.board.alarms.get(event.alarm_id)
        if alarm is not None:
            self._take_up_later(alarm, at_ms)

    def _take_up_later(self, alarm: Alarm, at_ms: int) -> None:
        world, alarm_id, level = self._world, alarm.alarm_id, alarm.level
        median_s, sigma = URGENT_S if alarm.kind == "emergency" else TAKE_UP_S
        luck_no = luck_of(alarm.call_id) if alarm.call_id else level
        if alarm.incident_id:
            luck_no = world.luck_of_incident(alarm.incident_id)
        delay = world.draw_ms(luck_no, Stage.ALARM, median_s=median_s, sigma=sigma, extra=level)
        by = self._by(alarm)

        def take_up(_at_ms: int) -> Command | None:
            standing = world.board.alarms.get(alarm_id)
            if standing is None or standing.taken_up_by or standing.level != level:
                return None
            return alarms.TakeUpAlarm(alarm_id=alarm_id, by=by)

        world.agenda.put(take_up, actor=by, at_ms=at_ms + delay)

    def _taken_up(self, event: alarms.AlarmTakenUp, at_ms: int) -> None:
        """A crew silent on scene is called on the radio, and its answer written down."""
        alarm = self._world.board.alarms.get(event.alarm_id)
        if alarm is None or alarm.kind != "silent_on_scene":
            return
        order_id, unit_id = alarm.order_id, alarm.unit_id

        def ask(_at_ms: int) -> Command | None:
            order = self._world.board.orders.get(order_id)
            unit = self._world.board.units[unit_id]
            if order is None or order.state != "on_scene" or unit.order_id != order_id:
                return None
            text = f"{unit_id} {WORDS['safe'][0]}"
            return EnterVoiceReport(text=text, entered_by=dispatcher_of(unit.desk_id))

        actor = dispatcher_of(self._world.board.units[unit_id].desk_id)
        self._world.agenda.put(ask, actor=actor, at_ms=at_ms + RADIO_CHECK_MS)

    def _by(self, alarm: Alarm) -> str:
        if alarm.to != "dispatcher":
            return SUPERVISOR
        incident = self._world.board.incidents.get(alarm.incident_id)
        return dispatcher_of(incident.desk_id if incident else "city")

    def _refused(self, event: agencies.AgencyRefused, at_ms: int) -> None:
        """Fire and ambulance are asked again; what the others refuse stays with the crew."""
        world = self._world
        asked = world.board.requests[event.request_id].agency
        if asked not in LIFE_SAVERS:
            return

        def ask_again(_at_ms: int) -> Command | None:
            incident = world.board.incidents.get(event.incident_id)
            if incident is None or incident.is_over or incident.is_complete:
                return None
            requests = [world.board.requests[each] for each in incident.request_ids]
            states = [request.state for request in requests if request.agency == asked]
            if len(states) >= MOST_ASKED or any(state != "refused" for state in states):
                return None
            return agencies.RequestAgency(
                incident_id=event.incident_id, agency=asked, what="asked again after a refusal"
            )

        incident = world.board.incidents[event.incident_id]
        world.agenda.put(
            ask_again, actor=dispatcher_of(incident.desk_id), at_ms=at_ms + ASK_AGAIN_MS
        )

    def _step(self, event: Any, at_ms: int) -> None:  # noqa: ANN401 - any event of an emergency
        """An emergency is taken up, spoken about with the crew, and ended by a second person."""
        world, emergency_id = self._world, event.emergency_id
        state = world.board.emergencies[emergency_id].state
        (median_s, sigma), actor, command = _emergency_step(emergency_id, state)
        luck_no = int(emergency_id[1:])
        delay = world.draw_ms(
            luck_no, Stage.EMERGENCY, median_s=median_s, sigma=sigma, extra=len(state)
        )

        def go_on(_at_ms: int) -> Command | None:
            emergency = world.board.emergencies.get(emergency_id)
            return command if emergency is not None and emergency.state == state else None

        world.agenda.put(go_on, actor=actor, at_ms=at_ms + delay)


def _emergency_step(emergency_id: str, state: str) -> tuple[tuple[float, float], str, Command]:
    """How long it takes, who does it, and what."""
    if state == "declared":
        take_up = emergencies.TakeUpEmergency(emergency_id=emergency_id, by=SUPERVISOR)
        return URGENT_S, SUPERVISOR, take_up
    if state == "taken_up":
        contact = emergencies.ConfirmVoiceContact(emergency_id=emergency_id, by=SUPERVISOR)
        return CONTACT_S, SUPERVISOR, contact
    end = emergencies.EndEmergency(
        emergency_id=emergency_id, by=SECOND, reason="spoken with the crew, help is there"
    )
    return END_S, SECOND, end
