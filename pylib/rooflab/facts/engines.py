"""Serving stacks as published rows name them: what their kernels and schedulers do."""

import re
from collections.abc import Callable

from rooflab.specs.engine import Engine

__all__ = ["TODAY", "engine_named", "starts_one_by_one"]

TODAY = Engine()
# Assumed, since nothing published says it: before 0.7 TensorRT-LLM's attention read the cache once for every query head
# (rows with long contexts are met so, and XQA kernels for grouped queries came later), and before 0.8 its all-reduces
# went around NCCL's ring, as those of LMDeploy's first releases do.
_UNGROUPED = Engine(name="TensorRT-LLM before 0.7", ring_reduce=True, grouped=False)
_RING = Engine(name="stacks with NCCL's all-reduce", ring_reduce=True)
# Since 1.0 mixtures of experts are served with attention divided by sequences, and every device schedules its own.
_BY_SEQUENCE = Engine(name="TensorRT-LLM since 1.0", attends_by_sequence=True)
_EAGER = ("databricks", "hugging", "eager")


def engine_named(software: str) -> Engine:
    """Return the stack of that name as a source gives it; an unnamed or unknown one is taken to be of today."""
    name = software.lower()
    if starts_one_by_one(software) or name.startswith("lmdeploy-0.1"):
        return _RING
    release = re.match(r"tensorrt-llm-(\d+)\.(\d+)", name)
    if release is None:
        return TODAY
    at = int(release[1]), int(release[2])
    known: tuple[tuple[Callable[[tuple[int, int]], bool], Engine], ...] = (
        (lambda at: at < (0, 7), _UNGROUPED),
        (lambda at: at < (0, 8), _RING),
        (lambda at: at >= (1, 0), _BY_SEQUENCE),
    )
    return next((engine for holds, engine in known if holds(at)), TODAY)


def starts_one_by_one(software: str) -> bool:
    """Return whether a stack starts every kernel from the host, which waits for it."""
    return any(each in software.lower() for each in _EAGER)
