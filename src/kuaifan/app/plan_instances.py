"""Reads a problem in the project's own form (算例文件): JSON that a model declares by itself.

A model that says `instance` (the form) and `pose` (form to problem) in its MODEL is read here; see
docs/reference/plan-instances.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from kuaifan.kernel.errors import BadInputError


def read_instance(model_id: str, declaration: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 - each model has a problem of its own
    """The problem in a file; raises BadInputError that names the file and the place in it."""
    try:
        instance = msgspec.json.decode(path.read_bytes(), type=declaration["instance"])
    except FileNotFoundError as error:
        raise BadInputError(f"there is no file {path}: name one by --instance") from error
    except msgspec.DecodeError as error:
        raise BadInputError(
            f"{path} is no problem for {model_id}: {error}; see docs/reference/plan-instances.md"
        ) from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is not UTF-8: save it as UTF-8") from error
    return declaration["pose"](instance)
