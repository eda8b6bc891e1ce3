"""Kuaifan 快反: an open 110 that takes a call, sends the nearest right help and closes the loop."""

__version__ = "0.1.0"
