"""Sockets, brokers and outbox workers (网关): fixes and alarms in, messages out."""
