"""How the fast kernel is compiled (快速仿真编译): kept on disk, without the lock, counting nothing.

Numba counts who holds each array, atomically, whenever one is handed from function to function: a
kernel whose every function is handed the twenty arrays of a run spent more than half its time on
it. What is marked so makes no array (numba refuses to compile it if it does), and the caller of
`run` holds all of them until it returns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """Compile a function of the kernel at its first call (编译内核函数); it must make no array."""
    made: _Function = njit(cache=True, nogil=True, _nrt=False)(function)  # type: ignore[call-overload] # numba's own name, left out of its types
    return made
