"""What follows from a question: memory, times, rates and what binds them."""

from dataclasses import dataclass

from rooflab.estimates.question import Question
from rooflab.evaluate import ErrorBand, error_band, evaluate
from rooflab.model.capacity import Capacity
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["Estimate", "estimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The answer to a question; times and rates are those of the whole node.

    `memory` is that of one device when all sequences are at their full length, and `largest_batch` how many then fit;
    `mean_largest_batch` would fit at their mean length. `first_one` and `first_all` are the prefill of one prompt and of all at once, `step` a step
    between prompts, and `loaded` one in which the prompts of replaced requests ride along. Bands are those of the
    times of `first_one`, `step` and `loaded`. `tokens_per_s` is the rate while requests that end are replaced, and
    `batch_tokens_per_s` that of one batch to its end; one request alone waits for its own prompt either way.
    """

    memory: Capacity
    largest_batch: int
    mean_largest_batch: int
    first_one: ServingOutcome
    first_all: ServingOutcome
    step: ServingOutcome
    loaded: ServingOutcome
    first_band: ErrorBand
    step_band: ErrorBand
    loaded_band: ErrorBand
    batch_tokens_per_s: float
    tokens_per_s: float

    @property
    def fits(self) -> bool:
        """Whether weights and the cache of all sequences fit beside the reserve."""
        return bool(self.memory.fits)


def estimate(question: Question) -> Estimate:
    """Answer a question by the lab's own evaluation.

    Raises:
        FactError: the device lacks a figure that is needed.
        UnsupportedPrecision: it has no matrix units for the format of the weights.
    """
    stored = question.memory_scenario()
    one = question.batch_scenario(tokens=question.prompt_tokens)
    every = question.batch_scenario(tokens=question.batch * question.prompt_tokens)
    steps = question.batch_scenario(tokens=question.batch)
    arriving = (question.batch - 1) * question.prompt_tokens / question.output_tokens
    busy = question.scenario(tokens=question.batch + arriving)
    first = question.design(every, phase="prefill", context_tokens=question.prompt_tokens)
    decode = question.design(steps, context_tokens=question.mean_tokens)
    replaced = question.design(busy, context_tokens=question.mean_tokens)
    full, alone = replaced.replace(context_tokens=question.prompt_tokens + question.output_tokens), first.replace(batch=1)
    first_one, first_all = evaluate(one, alone), evaluate(every, first)
    step, loaded = evaluate(steps, decode), evaluate(busy, replaced)
    # The prompts' pass gives the first token.
    whole_s = float(first_all.step_time_s) + (question.output_tokens - 1) * float(step.step_time_s)
    one_batch = question.batch * question.output_tokens / whole_s
    return Estimate(
        memory=evaluate(stored, full).capacity,
        largest_batch=_largest_batch(stored, full),
        mean_largest_batch=_largest_batch(stored, replaced),
        first_one=first_one,
        first_all=first_all,
        step=step,
        loaded=loaded,
        first_band=error_band(one, alone, first_one),
        step_band=error_band(steps, decode, step),
        loaded_band=error_band(busy, replaced, loaded),
        batch_tokens_per_s=one_batch,
        tokens_per_s=float(loaded.tokens_per_s) if question.batch > 1 else one_batch,
    )


def _largest_batch(stored: ServingScenario, design: ServingDesign) -> int:
    """Return the largest batch that fits beside the weights.

    The more sequences, the more prompt tokens ride along for each, so the room at one batch overstates that of a larger.
    """
    most = _room_count(stored, design, design.batch)
    most = min(most, _room_count(stored, design, most))
    while _room_count(stored, design, most + 1) > most:
        most += 1
    return most


def _room_count(stored: ServingScenario, design: ServingDesign, batch: int) -> int:
    """Return how many sequences fit that each need what one of `batch` does."""
    return int(evaluate(stored, design.replace(batch=max(batch, 1))).capacity.max_batch_count)
