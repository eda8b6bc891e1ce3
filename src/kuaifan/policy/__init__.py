"""Ranking and move-up on arrays (派警策略): an integer scorer and its wrapper; numerics only."""
