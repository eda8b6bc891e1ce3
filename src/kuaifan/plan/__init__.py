"""Demand, problem statements, planner, circles, rosters and patrol (布警)."""
