"""The four predictions: what is asked before the machine is measured, and what its own numbers answer.

A measurement decides only where the rows behind it are steady and the figure is not near the border of two answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rooflab.errors import BadDesign
from rooflab.machine.samples import Row
from rooflab.machine.study import Study
from rooflab.specs import Choice
from rooflab.units import format_number, format_ratio, format_time

__all__ = ["QUESTIONS", "Answer", "Asked", "answered", "question"]

CLOSE_FRACTION = 0.07
"""A figure that is nearer than this to the border of two answers decides neither: two runs differ by as much."""

RIDGE_CLOSE_FRACTION = 0.2
"""The same of an intensity and the ridge, which is a quotient of two measured roofs."""

FREE_FACTOR = 2.0
"""A batch is called free as long as it takes less than twice the time of one column."""

CANDIDATES = {
    "epilogue": ("epilogue", "fused", 2**26),
    "chain": ("chain", "fused", 32),
    "naive": ("gemm", "naive", 512),
    "batch": ("batch", "", 32),
}

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The right choice, and the numbers that say so; without a choice, `words` say why the numbers do not decide."""

    choice_id: str
    words: str
    by_reference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, its choices, and the function of a measurement that answers it."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    answer: Callable[[Study], Answer]

    def choice(self, choice_id: str) -> Choice:
        """Return the choice of that id.

        Raises:
            BadDesign: the question has none.
        """
        for each in self.choices:
            if each.id == choice_id:
                return each
        raise BadDesign(f"Question {self.id!r} has no choice {choice_id!r}.")


def answered(asked: Asked, own: Study, reference: Study) -> Answer:
    """Return the answer of the learner's own numbers or, where they do not decide, that of the reference machine's."""
    found = asked.answer(own)
    if found.choice_id:
        return found
    other = asked.answer(reference)
    words = f"Your numbers do not decide: {found.words} On the reference machine: {other.words}"
    return Answer(choice_id=other.choice_id, words=words, by_reference=True)


def question(question_id: str) -> Asked:
    """Return the question of that id.

    Raises:
        BadDesign: there is none.
    """
    for each in QUESTIONS:
        if each.id == question_id:
            return each
    raise BadDesign(f"Your machine asks no question {question_id!r}.")


def _rows(found: Study, *keys: Key) -> tuple[tuple[Row, ...], str]:
    """Return the rows behind an answer, or why they do not carry one."""
    rows = tuple(found.measured.row(*key) for key in keys)
    if None in rows:
        return (), "a kernel was not measured."
    if not all(each.steady for each in rows):
        return (), "a kernel was unsteady, its samples too far apart."
    return rows, ""


def _undecided(words: str) -> Answer:
    return Answer(choice_id="", words=words)


def _gain(found: Study, slow: Key, fast: Key) -> tuple[tuple[Row, ...], float, str]:
    """Return two rows, how many times as fast the second is, and why they do not carry an answer."""
    rows, why = _rows(found, slow, fast)
    return rows, rows[0].best_s / rows[1].best_s if rows else 0.0, why


def _binned(value: float, borders: tuple[tuple[float, str], ...], words: str) -> Answer:
    """Return the first choice whose border the value does not pass; the last border is infinite."""
    for border, choice_id in borders:
        if abs(value / border - 1.0) < CLOSE_FRACTION:
            return _undecided(f"{words} That is too close to {format_ratio(border)}.")
        if value < border:
            return Answer(choice_id=choice_id, words=words)
    raise BadDesign("The last border of an answer must be infinite.")


def _memory_bound(found: Study) -> Answer:
    """One kernel lies left of the measured ridge, and none near it; the plain loops are slow and yet not bound by memory."""
    rows, why = _rows(found, *CANDIDATES.values())
    if why or not found.found.steady:
        return _undecided(why or "a roof was unsteady.")
    ridge = found.found.ridge_flop_per_byte
    places = {name: row.intensity_flop_per_byte for name, row in zip(CANDIDATES, rows, strict=True)}
    left = [name for name, place in places.items() if place < ridge]
    words = f"The ridge is at {format_number(ridge)} FLOP/byte; the epilogue has {format_number(places['epilogue'])}, the others {format_number(places['chain'])} and more."
    if len(left) != 1 or any(abs(place / ridge - 1.0) < RIDGE_CLOSE_FRACTION for place in places.values()):
        return _undecided(f"{words} More than one is left of it or close to it.")
    return Answer(choice_id=left[0], words=words)


def _epilogue(found: Study) -> Answer:
    _, gain, why = _gain(found, ("epilogue", "passes", 2**26), CANDIDATES["epilogue"])
    if why:
        return _undecided(why)
    words = f"One pass is {format_ratio(gain)} as fast; it moves a third of the bytes."
    return _binned(gain, ((1.5, "little"), (2.3, "two"), (4.5, "three"), (float("inf"), "more")), words)


def _free_batch(found: Study) -> Answer:
    columns = (1, 2, 4, 8, 16, 32)
    rows, why = _rows(found, *(("batch", "", each) for each in columns))
    if why:
        return _undecided(why)
    factors = [each.best_s / rows[0].best_s for each in rows]
    told = ", ".join(f"{size}: {format_ratio(factor)}" for size, factor in zip(columns, factors, strict=True) if size > 1)
    words = f"Time against one column: {told}."
    if any(abs(each / FREE_FACTOR - 1.0) < CLOSE_FRACTION for each in factors):
        return _undecided(f"{words} One is too close to {format_ratio(FREE_FACTOR)}.")
    past = next((size for size, factor in zip(columns, factors, strict=True) if factor > FREE_FACTOR), 64)
    return Answer(choice_id={2: "one", 4: "two", 8: "four", 16: "eight"}.get(past, "sixteen"), words=words)


def _tile(found: Study) -> Answer:
    rows, gain, why = _gain(found, ("gemm", "simd", 1024), ("gemm", "tile", 1024))
    if why:
        return _undecided(why)
    words = f"At 1024 the loops over rows take {format_time(rows[0].best_s)}, the tile {format_time(rows[1].best_s)}: {format_ratio(gain)} as fast."
    return _binned(gain, ((0.8, "slower"), (1.25, "same"), (float("inf"), "faster")), words)


QUESTIONS = (
    Asked(
        id="memory-bound",
        text="Which of these is memory-bound on this machine?",
        choices=(
            Choice(id="epilogue", text="Scale, bias and ReLU of 64 MiB, in one pass"),
            Choice(id="chain", text="32 multiply-adds on each element of 64 MiB, in one pass"),
            Choice(id="naive", text="A product of two 512 x 512 matrices, in three plain loops"),
            Choice(id="batch", text="64 MiB of weights times 32 columns"),
        ),
        answer=_memory_bound,
    ),
    Asked(
        id="epilogue-gain",
        text="Scale, bias and ReLU are three passes over 64 MiB. How much faster are they as one pass?",
        choices=(
            Choice(id="little", text="Less than 1.5×"),
            Choice(id="two", text="1.5× to 2.3×"),
            Choice(id="three", text="2.3× to 4.5×"),
            Choice(id="more", text="More than 4.5×"),
        ),
        answer=_epilogue,
    ),
    Asked(
        id="free-batch",
        text="64 MiB of weights are multiplied by 1, 2, 4, 8, 16 or 32 columns. Up to which does it take less than twice the time of one?",
        choices=(
            Choice(id="one", text="1: two already take twice as long"),
            Choice(id="two", text="2"),
            Choice(id="four", text="4"),
            Choice(id="eight", text="8"),
            Choice(id="sixteen", text="16 or more"),
        ),
        answer=_free_batch,
    ),
    Asked(
        id="tile-1024",
        text="A tile of 4 x 8 results is kept in registers. Is it faster than loops over whole rows, for matrices of 1024 x 1024?",
        choices=(
            Choice(id="faster", text="Yes, by a quarter or more"),
            Choice(id="same", text="Hardly: the two are within a quarter"),
            Choice(id="slower", text="No, it is slower by a fifth or more"),
        ),
        answer=_tile,
    ),
)
