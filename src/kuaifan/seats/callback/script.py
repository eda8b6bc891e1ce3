"""What is asked (回访话术): by the class of the incident, never about the story."""

from __future__ import annotations

from typing import Final

OPENING: Final = (
    "您好，这里是 110 回访。您方便通话吗？",
    "This is the 110 calling back. Is now a good moment?",
)
RESOLVED: Final = ("您反映的事情解决了吗？", "Has what you called about been dealt with?")
SATISFIED: Final = ("您对民警的处置满意吗？", "Are you satisfied with how it was handled?")
BY_CLASS: Final[dict[str, tuple[str, str]]] = {
    "criminal": ("办案单位联系过您吗？", "Has the investigating unit been in touch?"),
    "public_order": ("对方后来有没有再找您？", "Has the other side troubled you again?"),
    "road_traffic": ("车辆和人员后来情况怎样？", "How are the people and the vehicles now?"),
    "dispute": ("调解的约定对方履行了吗？", "Has the other side kept what was agreed?"),
    "emergency_assistance": (
        "现在是否平安？还需要帮助吗？",
        "Are you safe now?",
    ),
}
GENERAL: Final = ("还有什么需要我们做的吗？", "Is there anything else that we should do?")


def script_of(class_key: str) -> tuple[tuple[str, str], ...]:
    """The questions for a class of incidents, in their order, in both languages."""
    return (OPENING, RESOLVED, BY_CLASS.get(class_key, GENERAL), SATISFIED)
