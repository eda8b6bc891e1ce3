"""Simulated callers, desks and crews on the same engine (数字孪生)."""
