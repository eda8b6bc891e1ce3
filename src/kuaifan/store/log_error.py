"""What is wrong with a log, in one sentence that names the cure (日志错误)."""

from __future__ import annotations


class LogError(ValueError):
    """The log, its key file or its head file cannot be used as they are (日志不可用)."""
