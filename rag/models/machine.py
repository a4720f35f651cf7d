"""What the machine offers to the models: cores, number formats, a graphics processor."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


def use_threads(threads: int) -> None:
    """Set how many threads torch uses for work that the calling thread starts; 0 takes the process's cores.

    The number belongs to the thread that sets it, so that a queue's own thread must.
    """
    import torch

    torch.set_num_threads(threads or n_cores())


@cache
def keep_numpy_to_one_thread() -> None:
    """Let numpy's matrix products use the calling thread only, from now on and in the whole process.

    Its helpers stay awake for tens of milliseconds after a product that took one, on the cores that torch needs then.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use the calling thread only, for as long as the context lasts."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def n_cores() -> int:
    """Return how many cores the process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def fast_bfloat16() -> bool:
    """Return whether the processor multiplies bfloat16 matrices in hardware; elsewhere that format is slower."""
    import torch

    offered = torch.cpu.get_capabilities()
    return any(bool(offered.get(name)) for name in ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16"))


@cache
def tiled_bfloat16() -> bool:
    """Return whether the processor multiplies whole tiles of bfloat16: no format of the same work is faster there."""
    import torch

    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


@cache
def fast_int8() -> bool:
    """Return whether the processor multiplies 8-bit matrices in hardware."""
    import torch

    offered = torch.cpu.get_capabilities()
    return any(bool(offered.get(name)) for name in ("avx512_vnni", "avx_vnni", "amx_int8", "i8mm", "dot"))


@cache
def processor() -> str:
    """Return the processor's name and what it can do, as one line."""
    import torch

    offered = torch.cpu.get_capabilities()
    able = sorted(name for name, value in offered.items() if value is True)
    return f"{offered.get('cpu_name') or platform.machine()} x{n_cores()}: {' '.join(able)}"
