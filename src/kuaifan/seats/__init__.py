"""Special seats and their loops (专席): one plug-in folder each."""
