"""What runs a language model: how its kernels are started, and how devices share the work."""

from dataclasses import dataclass

__all__ = ["Engine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A serving stack, by what its kernels and its scheduler do; the plain one is that of today's stacks.

    With `ring_reduce` small messages go around a ring as large ones do; without, every device may read all the
    others' at once. With `grouped` attention reads the cache once for the query heads that share it; without, once for
    each of them. With `attends_by_sequence` devices divide the sequences of a mixture of experts among them, rather
    than the heads. No more than `most_sequences` are in flight on one device that schedules.
    """

    name: str = "today's stacks"
    ring_reduce: bool = False
    grouped: bool = True
    attends_by_sequence: bool = False
    most_sequences: int = 2048
