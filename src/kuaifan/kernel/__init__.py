"""The machine (内核): inbox, decision log contract, engine, timers; knows no police words."""
