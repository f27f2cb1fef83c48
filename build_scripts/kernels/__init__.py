"""The kernels that "Your machine" measures, written as WebAssembly text: a module of plain SIMD and one with fused multiply-adds."""

from __future__ import annotations

from kernels.modules import MODULES, kernel_texts, module_text

__all__ = ["MODULES", "kernel_texts", "module_text"]
