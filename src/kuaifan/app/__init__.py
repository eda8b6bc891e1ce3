"""Configuration, wiring and command line (组装): the only place that knows everything."""
