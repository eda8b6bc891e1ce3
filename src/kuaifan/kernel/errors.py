"""What is wrong with what was handed in (输入有误): one sentence for a person, with its cure.

The family tells advice from bugs: a ValueError of a library, or one of ours that nobody expected,
is a bug and shows as one; a BadInputError is printed as it stands, and the command ends.
"""

from __future__ import annotations


class BadInputError(ValueError):
    """A file, an option or a setting cannot be used as it is (输入有误); says what to do."""
