"""The two modules: the same kernels, with a multiplication and an addition or with one fused multiply-add."""

from __future__ import annotations

from kernels.batch import batch
from kernels.blocked import blocked
from kernels.chain import chain
from kernels.epilogue import epilogue
from kernels.gemm import gemm
from kernels.lanes import lanes
from kernels.peak import peak
from kernels.triad import triad
from kernels.wat import fused, separate

__all__ = ["MODULES", "kernel_texts", "module_text"]

MODULES = {"plain": separate, "relaxed": fused}
WRITERS = {
    "peak": (peak,),
    "triad": (triad,),
    "chain": (chain,),
    "epilogue": (epilogue,),
    "gemm": (gemm, blocked),
    "batch": (batch,),
}


def kernel_texts(module: str) -> dict[str, str]:
    """Return the text of each kernel of a module, `plain` or `relaxed`."""
    return {kernel: "\n\n".join(text for write in writers for text in write(MODULES[module])) for kernel, writers in WRITERS.items()}


def module_text(module: str) -> str:
    """Return the whole module; its memory is the worker's."""
    functions = "\n\n".join([lanes(), *kernel_texts(module).values()])
    return f'(module\n(import "env" "memory" (memory 1))\n\n{functions}\n)\n'
