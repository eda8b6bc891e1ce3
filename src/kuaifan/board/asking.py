"""What a person must say with a command (必填): a name, a reason, a seat; or it is refused."""

from __future__ import annotations

from kuaifan.kernel.message import Refused


def need_seat(seat_id: str) -> None:
    """Refuse an empty seat: no_seat; every call has an owner."""
    if not seat_id.strip():
        raise Refused("no_seat", "须填写席位", "say which seat takes it")


def need_reason(reason: str) -> None:
    """Refuse an empty reason: reason_needed."""
    if not reason.strip():
        raise Refused("reason_needed", "须填写理由", "give a reason; it stands in the record")


def need_name(
    *names: str,
    zh: str = "须填写姓名",
    en: str = "say who does this; it stands in the record",
) -> None:
    """Refuse where a name is empty: no_name, in the words of who is asked for."""
    for name in names:
        if not name.strip():
            raise Refused("no_name", zh, en)


def need_supervisor(name: str) -> None:
    """Refuse without the name of a supervisor: supervisor_needed."""
    if not name.strip():
        raise Refused(
            "supervisor_needed", "须由值班领导批准并署名", "this needs the name of a supervisor"
        )


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: 李明（li）, signed by a log-on, is 李明, and is li.

    What a person is called may change; the log-on name in brackets is what nobody shares.
    """
    shown, signed = _signed(one)
    other_shown, other_signed = _signed(other)
    if signed and other_signed:
        return signed == other_signed
    return bool({shown, signed} & {other_shown, other_signed} - {""})


def _signed(name: str) -> tuple[str, str]:
    """What a person is called, and its log-on name where the name has one."""
    shown, bracket, rest = name.strip().rpartition("（")
    if bracket and rest.endswith("）"):
        return shown, rest.removesuffix("）")
    return name.strip(), ""
