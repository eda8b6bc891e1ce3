"""Numbers that are a person's (个人号码): where one is written, a text is about somebody."""

from __future__ import annotations

import re
from typing import Final

NUMBER_OF_A_PERSON: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile number or an identity number (手机号、身份证号), whatever is written around it."""
