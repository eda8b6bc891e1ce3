"""The language (词汇): one module per noun with its commands and events; data only."""

from kuaifan.vocabulary import call, incident, order, undo, unit

COMMANDS = (*call.COMMANDS, *incident.COMMANDS, *order.COMMANDS, *unit.COMMANDS, *undo.COMMANDS)
TIMER_COMMANDS = (order.CheckUnsigned, order.CheckFeedback)
"""Submitted by timers only; no person and no device asks for these."""
EVENTS = (*call.EVENTS, *incident.EVENTS, *order.EVENTS, *unit.EVENTS, *undo.EVENTS)
OBSERVATIONS = unit.OBSERVATIONS
