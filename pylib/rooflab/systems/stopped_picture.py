"""What a picture shows of a design that cannot run: the memory that limits, and what of it does not fit."""

from rooflab.model.capacity import available_words
from rooflab.systems.outcome import CannotRun, Outcome
from rooflab.systems.picture import Picture
from rooflab.units import format_bytes
from rooflab.values import Plain

__all__ = ["memory_numbers", "stopped_numbers", "stopped_picture"]


def stopped_picture(kind: str, outcome: Outcome, stopped: CannotRun, *, nothing: str, without: tuple[str, ...]) -> Picture:
    """Return the picture of a design of which nothing is computed: it stands still, `without` most of its numbers.

    `nothing` says in a sentence what is not done.
    """
    return Picture(
        kind=kind,
        title=f"Cannot run: {stopped.kind.lower()}, {stopped.number}",
        words=f"{nothing} {stopped.kind}: {stopped.reason}",
        rows=_memory_rows(outcome),
        pace=None,
        numbers={"stopped": stopped_numbers(outcome, stopped), **dict.fromkeys(without)},
    )


def stopped_numbers(outcome: Outcome, stopped: CannotRun) -> dict[str, Plain]:
    """Return why one design cannot run, in words, with the memory where that is the reason."""
    return {
        "kind": stopped.kind,
        "label": f"{stopped.kind}: {stopped.number}",
        "memory": None if bool(outcome.runs) or stopped.backlog else memory_numbers(outcome),
    }


def memory_numbers(outcome: Outcome) -> dict[str, Plain]:
    """Return what fills the memory that limits, part by part, against what there is; parts of nothing are left out."""
    capacity = outcome.capacity
    needed, available = float(capacity.needed_bytes), float(capacity.available_bytes)
    return {
        "parts": [
            {"name": name, "bytes": float(bytes_), "label": format_bytes(float(bytes_))}
            for name, bytes_ in capacity.parts
            if float(bytes_) > 0
        ],
        "needed_bytes": needed,
        "needed_label": f"{format_bytes(needed)} needed",
        "available_bytes": available,
        "available_label": available_words(capacity),
    }


def _memory_rows(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    """Return the same as names and values."""
    memory = memory_numbers(outcome)
    return (
        *((f"Memory: {each['name']}", each["label"]) for each in memory["parts"]),
        ("Memory needed", memory["needed_label"].removesuffix(" needed")),
        ("Memory available", memory["available_label"]),
    )
