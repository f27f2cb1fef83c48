"""The outcome of serving a language model one way."""

from dataclasses import dataclass

from rooflab.systems.outcome import Outcome
from rooflab.units import format_bytes, format_count, format_fraction, format_quantity
from rooflab.values import Flags, Values

__all__ = ["ServingOutcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingOutcome(Outcome):
    """The outcome of one way of serving: one round of every sequence in decode, all prompts in prefill.

    A round gives `round_tokens_count` tokens of each sequence: one, unless a draft model proposes
    more. `inter_token_s` is the mean time from one token of a sequence to its next. A kernel of the
    fusion chain must keep `held_bytes` in the `on_chip_bytes` of a multiprocessor. `reduce_start_s`
    is what an all-reduce takes beside its work.
    """

    tokens_per_s: Values
    inter_token_s: Values
    round_tokens_count: Values
    hfu_fraction: Values
    kv_time_fraction: Values
    reduce_start_s: Values
    host_s: Values
    idle_s: Values
    held_bytes: Values
    on_chip_bytes: Values
    max_context_tokens: Values
    context_tokens: Values

    @property
    def max_batch_count(self) -> Values:
        """The largest batch whose cache fits beside the weights."""
        return self.capacity.max_batch_count

    @property
    def feasible(self) -> Flags:
        """Whether everything fits, the context and what kernels hold included, and no target is missed."""
        return (
            Outcome.feasible.fget(self)
            & (self.context_tokens <= self.max_context_tokens)
            & (self.held_bytes <= self.on_chip_bytes)
        )

    @property
    def rate_words(self) -> str:
        """Say how fast tokens come; for one design."""
        return format_quantity(self.tokens_per_s, "tokens/s")

    @property
    def utilisation_words(self) -> str:
        """Say which shares of the peaks are used, and how much of the step is traffic of the cache; for one design."""
        return (
            f"MFU {format_fraction(self.mfu_fraction)}, HFU {format_fraction(self.hfu_fraction)}, "
            f"MBU {format_fraction(self.mbu_fraction)}, KV traffic {format_fraction(self.kv_time_fraction)} of the step"
        )

    @property
    def memory_words(self) -> str:
        """Say how much of each GPU's memory is needed; for one design."""
        return f"{Outcome.memory_words.fget(self)} on each GPU"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say why the design is not feasible; for one design."""
        reasons = []
        if not self.capacity.fits:
            reasons.append(
                f"Out of memory: {format_bytes(self.capacity.needed_bytes)} are needed on each "
                f"GPU, {format_bytes(self.capacity.available_bytes)} are there. The largest "
                f"batch that fits is {format_count(self.max_batch_count)}."
            )
        if self.context_tokens > self.max_context_tokens:
            reasons.append(
                f"Context too long: {format_count(self.context_tokens)} tokens are asked, the "
                f"model was made for {format_count(self.max_context_tokens)}."
            )
        if self.held_bytes > self.on_chip_bytes:
            reasons.append(
                "Cannot be built: one fused kernel would have to keep "
                f"{format_bytes(self.held_bytes)} of rows that no tile can compute again, and a "
                f"multiprocessor has {format_bytes(self.on_chip_bytes)} of shared memory."
            )
        reasons.extend(each.words for each in self.targets if not each.met)
        return tuple(reasons)
