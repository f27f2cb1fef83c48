"""The outcome of serving a language model one way."""

from dataclasses import dataclass, replace

from rooflab.systems.outcome import CannotRun, Outcome
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
    def runs(self) -> Flags:
        """Whether everything fits, the context and what kernels hold included."""
        return self.fits & (self.context_tokens <= self.max_context_tokens) & (self.held_bytes <= self.on_chip_bytes)

    def made_of(self, quantity: str) -> tuple[tuple[str, float], ...]:
        """Return what a figure is the sum of; a wait for a token is divided as the round is."""
        return self.waits(self.inter_token_s) if quantity == "inter_token_s" else Outcome.made_of(self, quantity)

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
        return f"{Outcome.memory_words.fget(self)}{self.memory_place}"

    @property
    def memory_place(self) -> str:
        """Say where the memory that limits is, after a number of bytes."""
        return " on each GPU"

    @property
    def cannot_run(self) -> CannotRun | None:
        """Why it cannot run; None if it does; for one design."""
        if stopped := Outcome.cannot_run.fget(self):
            most = f" The largest batch that fits is {format_count(self.max_batch_count)}."
            return replace(stopped, reason=stopped.reason + most)
        if self.context_tokens > self.max_context_tokens:
            asked, most = format_count(self.context_tokens), format_count(self.max_context_tokens)
            return CannotRun(
                kind="Context too long",
                reason=f"{asked} tokens, and the model was made for {most}.",
                number=f"{asked} of {most} tokens",
                used_fraction=float(self.context_tokens / self.max_context_tokens),
            )
        if self.held_bytes > self.on_chip_bytes:
            held, room = format_bytes(self.held_bytes), format_bytes(self.on_chip_bytes)
            return CannotRun(
                kind="Cannot be built",
                reason=f"one fused kernel would have to keep {held} of rows that no tile can compute again, "
                f"and a multiprocessor has {room} of shared memory.",
                number=f"{held} of {room} of shared memory",
                used_fraction=float(self.held_bytes / self.on_chip_bytes) if self.on_chip_bytes else None,
            )
        return None
