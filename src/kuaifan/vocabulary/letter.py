"""Warning letters (告诫书): whether a crew issued one, of which kind, and why not where it did not.

Anti-Domestic-Violence Law art. 16 (告诫书), Juvenile Crime Prevention Law art. 41 (训诫), Family
Education Promotion Law art. 49 (责令接受家庭教育指导).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from kuaifan.vocabulary.free_words import IncidentReason

LetterKind = Literal["domestic_violence", "admonition", "parenting", "other"]
LETTER_FOLLOWUP: Final = "dv_case"
"""Types with this follow-up ask every time whether a letter was issued."""


class WarningLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a warning letter (告诫书决定).

    number: of the letter that was issued. reason: why none was.
    """

    issued: bool
    kind: LetterKind | None = None
    number: IncidentReason = ""
    reason: IncidentReason = ""
