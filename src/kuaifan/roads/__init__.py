"""Network, snapping, travel times, matrices and rings (路网); numerics only."""
