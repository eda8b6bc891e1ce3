"""The byte code of this program (字节码): written once, so that a start compiles nothing.

Half of a start is compiling otherwise, and a start is how long nobody is served. An installed
package has its byte code from the installer; a checkout has it from here, or from its first start,
unless Python is told to write none.
"""

from __future__ import annotations

import compileall
from pathlib import Path

import kuaifan


def write_byte_code() -> bool:
    """Compile what was changed; False where the folder of the program cannot be written."""
    return bool(compileall.compile_dir(Path(kuaifan.__file__).parent, quiet=2))
