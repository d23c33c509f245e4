"""The processor of a row: what decides which kernels a library takes."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
# The instruction sets by which OpenBLAS, oneDNN, XLA and Eigen choose kernels, the oldest first.
SETS = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile",
        "asimd", "sve")  # fmt: skip


def processor() -> str:
    """Such as "Linux x86_64 avx512f avx512_vnni"; with the kernels that the user chose, if any."""
    names = [platform.system(), platform.machine(), *sets(_flags())]
    chosen = os.environ.get("OPENBLAS_CORETYPE", "")
    return " ".join([*names, *([f"OPENBLAS_CORETYPE={chosen}"] if chosen else [])])


def sets(flags: set[str]) -> list[str]:
    """The instruction sets among a processor's flags."""
    return [name for name in SETS if name in flags]


def _flags() -> set[str]:
    """The flags of the first processor; none where the system does not list them."""
    try:
        text = CPUINFO.read_text(encoding="utf-8")
    except OSError:
        return set()
    match = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    return set(match[1].split()) if match else set()
