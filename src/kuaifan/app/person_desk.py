"""What is held about a caller, for a running desk (个人信息查阅); see web.record_keeping."""

from __future__ import annotations

from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.person_export import find_person, person_file
from kuaifan.app.stored_whose import find_stored_whose
from kuaifan.web.person_rows import MayOpen, PersonAsked


class PersonDesk:
    """Makes the file; may be called from any thread: each call reads for itself."""

    def __init__(self, desk: LiveDesk) -> None:
        self._desk = desk

    def __call__(self, asked: PersonAsked, *, person: str, at_ms: int, may_open: MayOpen) -> bytes:
        """The file; what may not be opened is counted in it and no more."""
        reference = self._desk.reference
        with self._desk.open_reader() as reader:

            def is_open(table: str, row_id: str) -> bool:
                whose = find_stored_whose(reader, reference, table, row_id)
                return whose is not None and may_open(whose)

            held = find_person(
                reader,
                asked.number.strip(),
                person=person,
                purpose=asked.purpose,
                at_ms=at_ms,
                may_open=is_open,
            )
        return person_file(held, asked.kind)
