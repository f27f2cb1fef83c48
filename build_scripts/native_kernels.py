"""The machine's own compiler and two kernels in C: what WebAssembly is compared with."""

from __future__ import annotations

import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from paths import BENCH, ROOT

__all__ = ["Native", "compiled", "measured_natively"]

SOURCE = ROOT / "build_scripts" / "native" / "kernels.c"
TRIAD_MIB, ITERATIONS, SAMPLES = 64, 100_000, 8


@dataclass(frozen=True, slots=True)
class Native:
    """The best of some samples, single core."""

    triad_bytes_per_s: float
    peak_flop_per_s: float


def compiled(*, fused: bool) -> Path | str:
    """Compile the kernels and return the program, or why there is none; `fused` allows multiply-adds of one instruction."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        return "there is no C compiler here"
    BENCH.mkdir(parents=True, exist_ok=True)
    program = BENCH / f"kernels-{'fused' if fused else 'separate'}"
    words = [compiler, "-O2", "-ftree-vectorize", *_instructions(fused=fused), "-o", str(program), str(SOURCE)]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    return program if run.returncode == 0 else f"{compiler} refuses: {run.stderr.strip().splitlines()[-1]}"


def measured_natively(program: Path) -> Native:
    """Run the kernels once more and return the best of their samples."""
    words = [program, str(TRIAD_MIB), str(ITERATIONS), str(SAMPLES)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    triads, peaks = zip(*(map(float, line.split()) for line in said.splitlines()[1:]), strict=True)  # the first is dropped
    return Native(triad_bytes_per_s=3 * TRIAD_MIB * 2**20 / min(triads), peak_flop_per_s=2 * 12 * 4 * ITERATIONS / min(peaks))


def _instructions(*, fused: bool) -> list[str]:
    """Return what allows 128-bit instructions alone, with fused multiply-adds or without; AVX gives them three operands, as V8 has."""
    if platform.machine().lower() in ("x86_64", "amd64"):
        return ["-mavx", "-mprefer-vector-width=128", *(["-mfma", "-ffp-contract=fast"] if fused else ["-ffp-contract=off"])]
    return ["-ffp-contract=fast" if fused else "-ffp-contract=off"]
