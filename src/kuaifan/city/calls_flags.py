"""The words of the call import: flags put on a taken row, and the sources of a call (来源方式)."""

TIME_AMBIGUOUS = "time_ambiguous"
TIME_NONEXISTENT = "time_nonexistent"
POSITION_MISSING = "position_missing"
POSITION_ZERO = "position_zero"
POSITION_UNREADABLE = "position_unreadable"
POSITION_OUTSIDE = "position_outside"
PLACED_BY_ZONE = "placed_by_zone"
PLACED_BY_DEMAND = "placed_by_demand"
SNAPPED_FAR = "snapped_far"
CODE_UNMAPPED = "code_unmapped"
SERVICE_UNREADABLE = "service_unreadable"
ID_MADE = "id_made"
COLUMNS_DIFFER = "columns_differ"
SPANS_LINES = "spans_lines"
BYTES_UNDECODABLE = "bytes_undecodable"

FLAG_MEANINGS: dict[str, str] = {
    TIME_AMBIGUOUS: "the local time happened twice when the clocks went back; the first is taken",
    TIME_NONEXISTENT: "the local time was skipped when the clocks went forward; moved on with them",
    POSITION_MISSING: "the row has no position",
    POSITION_ZERO: "the row's position is 0,0",
    POSITION_UNREADABLE: "the row's position is no pair of degrees",
    POSITION_OUTSIDE: "the row's position lies far outside all the others",
    PLACED_BY_ZONE: "placed where another call of its zone was, or at its zone's stated centre",
    PLACED_BY_DEMAND: "placed where another call of the file was, its zone being unknown",
    SNAPPED_FAR: "moved far to reach a road of the other city",
    CODE_UNMAPPED: "its code is not in the mapping; taken under the default type",
    SERVICE_UNREADABLE: "its time at the scene could not be read and is left out",
    ID_MADE: "its identifier is empty or used before; one was made from its line",
    COLUMNS_DIFFER: "it has more or fewer columns than the header",
    SPANS_LINES: "it runs over several lines: look for an unclosed quote",
    BYTES_UNDECODABLE: "some of its bytes are not in the stated encoding",
}

# Sources of a call record, after the fields 接警类型 and 警情来源方式 of running desks.
CALL_SOURCES: frozenset[str] = frozenset(
    {
        "110",
        "122",
        "119",
        "12110",
        "12345",
        "web",
        "one_key",
        "iot",
        "walk_in",
        "patrol_found",
        "other_desk",
    }
)
