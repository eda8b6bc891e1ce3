"""The numbers that settings of a city share (配置数值): priorities and lists of seconds."""

N_PRIORITIES = 5
Seconds = tuple[int, ...]
