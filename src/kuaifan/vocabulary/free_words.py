"""Words that a person types freely (自由文字): reasons and results, sealed like the story itself.

Nobody keeps names and numbers out of a field for a reason. Our own codes in the same fields name
nobody, are compared by the rules, and stay as they are.
"""

from __future__ import annotations

from typing import Annotated, Final

from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import ShortText
from kuaifan.vocabulary.disposition import DISPOSITIONS
from kuaifan.vocabulary.undo import UNDO_REASON

REASON_CODES: Final = frozenset({UNDO_REASON})
RESULT_CODES: Final = frozenset(each.code for each in DISPOSITIONS)

CallReason = Annotated[ShortText, Personal("call")]
IncidentReason = Annotated[ShortText, Personal("incident", codes=REASON_CODES)]
OrderReason = Annotated[ShortText, Personal("incident", via="order_id", codes=REASON_CODES)]
RequestReason = Annotated[ShortText, Personal("incident", via="request_id")]
Result = Annotated[ShortText, Personal("incident", codes=RESULT_CODES)]
"""As commands have them; order and request ids begin with that of their incident."""

CallReasonTold = Annotated[str, Personal("call")]
IncidentReasonTold = Annotated[str, Personal("incident", codes=REASON_CODES)]
ResultTold = Annotated[str, Personal("incident", codes=RESULT_CODES)]
"""As events, the board and the screens have them."""
