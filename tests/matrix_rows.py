"""One plausible command for every command of the language (命令样例).

A new command needs a row, and a test says so: in matrix_call_rows, matrix_incident_rows or
matrix_order_rows. A row is shown with every kind of subject whose id the command carries, or with
those it names itself.
"""

from matrix_access_rows import ACCESS_ROWS
from matrix_approval_rows import APPROVAL_ROWS
from matrix_board_rows import BOARD_ROWS
from matrix_call_rows import CALL_ROWS, SEAT_ROWS
from matrix_incident_rows import INCIDENT_ROWS
from matrix_item_rows import ITEM_ROWS
from matrix_keeping_rows import KEEPING_ROWS
from matrix_order_rows import ORDER_ROWS, OTHER_ROWS, UNIT_ROWS
from matrix_paper_rows import PAPER_ROWS
from matrix_patrol_rows import PATROL_ROWS
from matrix_plan_rows import PLAN_ROWS
from matrix_setting_rows import SETTING_ROWS

from kuaifan import vocabulary
from kuaifan.vocabulary import access, alarm, kinship, missed, seat_archive
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import road as roads
from kuaifan.vocabulary import talk as talks
from kuaifan.vocabulary import unit as units

NEVER_REFUSED = {
    calls.RegisterCall: "who reaches the desk is never turned away",
    alarm.RaiseAlarm: "news is always told",
    access.LogOnPerson: "the door has let the person in already",
    access.LogOffPerson: "whoever leaves, leaves",
    access.LockPerson: "the name is shut at the door already",
    access.ChangeAccount: "the door has checked it; the log is told what happens",
    access.LogRefusedRight: "it was refused at the door already; the log is told",
    access.LogSearch: "it was searched already; the log is told before the answer",
    seat_archive.RetireSeatPapers: "a sweep finds what it finds",
    access.ReadRecord: "the table of rights has been asked; the log is told before the answer",
}
"""Commands without a refusing cell, each with the reason."""
SEEN_AS = {
    talks.OfferCalls: "CallOffered",
    missed.ExpireCallerLimit: "CallerLimitEnded",
    kinship.SuggestDuplicates: "DuplicateSuggested",
    units.SuggestMoveUp: "MoveUpSuggested",
    roads.UseWeights: "WeightsUsed",
    roads.UpdateEtas: "EtaUpdated",
}
"""What rules or timers have always asked for before anybody else could: the event it leads to."""


ROWS = tuple(
    row
    for row in (
        *CALL_ROWS,
        *SEAT_ROWS,
        *BOARD_ROWS,
        *INCIDENT_ROWS,
        *ORDER_ROWS,
        *UNIT_ROWS,
        *OTHER_ROWS,
        *PATROL_ROWS,
        *PAPER_ROWS,
        *SETTING_ROWS,
        *ACCESS_ROWS,
        *KEEPING_ROWS,
        *ITEM_ROWS,
        *APPROVAL_ROWS,
        *PLAN_ROWS,
    )
    if row.command in vocabulary.COMMANDS
)
