"""Reports (报表): one plug-in folder each."""
