"""The byte code of this program (字节码): written once, so that a start compiles nothing.

Half of a start is compiling otherwise, and a start is how long nobody is served. An installed
package has its byte code from the installer; a checkout has it from here, or from its first start,
unless Python is told to write none.
"""

from __future__ import annotations

import compileall
from pathlib import Path

import kuaifan


def forget_kernels(program: Path | None = None) -> int:
    """Delete the compiled kernels, to be compiled anew (清除编译结果); how many files went.

    Numba looks whether a kernel's own file has changed, not whether another that it calls, or took
    a constant from, has: what was compiled before would go on deciding by the old rule. Those kept
    elsewhere by NUMBA_CACHE_DIR are left: others' may lie there.
    """
    root = program or Path(kuaifan.__file__).parent
    found = [*root.rglob("*.nbi"), *root.rglob("*.nbc")]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def write_byte_code() -> bool:
    """Compile what was changed; False where the folder of the program cannot be written."""
    return bool(compileall.compile_dir(Path(kuaifan.__file__).parent, quiet=2))
