"""What is asked of an estimate, as scenarios and designs of the lab."""

from dataclasses import dataclass, replace

from rooflab.checkpoints import Checkpoint
from rooflab.errors import BadDesign
from rooflab.model.moe import distinct_experts_count
from rooflab.open_bench.scenario import open_design, open_scenario
from rooflab.specs import Device, Precision
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["Question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A model on some devices of one kind, and the requests that it serves.

    `batch` sequences are in flight, each with a prompt of `prompt_tokens` and an output of `output_tokens`.
    """

    checkpoint: Checkpoint
    device: Device
    chips: int
    batch: int
    prompt_tokens: int
    output_tokens: int
    kv_precision: str = "bf16"

    def __post_init__(self) -> None:
        """Refuse requests that are longer than the model can read."""
        shape, asked = self.checkpoint.workload, self.prompt_tokens + self.output_tokens
        if asked > shape.max_context_tokens:
            raise BadDesign(
                f"Prompt and output have {asked:,} tokens together; {shape.name} was made for {shape.max_context_tokens:,}."
            )

    @property
    def mean_tokens(self) -> int:
        """What a sequence has in the cache on average: the prompt and half of the output."""
        return self.prompt_tokens + self.output_tokens // 2

    @property
    def cache_bytes(self) -> float:
        """Keys and values of all sequences at their full length, without the ends of pages and copies on devices."""
        longest = self.prompt_tokens + self.output_tokens
        element_bytes = Precision(self.kv_precision).element_bytes
        return self.batch * float(self.checkpoint.workload.cache_bytes(longest, element_bytes))

    def scenario(self, *, tokens: float) -> ServingScenario:
        """Return the node for a step of `tokens` tokens while ended requests are replaced at once.

        The lab has one format for all weights: here it is the mean of those that the step reads.
        """
        shape = self.checkpoint.workload
        met = distinct_experts_count(experts=shape.experts, experts_per_token=shape.experts_per_token, tokens=tokens)
        return self._scenario(self.checkpoint.read_element_bytes(met))

    def batch_scenario(self, *, tokens: float) -> ServingScenario:
        """Return the node as `scenario`, for one batch that nothing joins."""
        return replace(self.scenario(tokens=tokens), service=None, mixture=None)

    def memory_scenario(self) -> ServingScenario:
        """Return the node by what its weights take in memory."""
        return self._scenario(self.checkpoint.weight_bytes / self.checkpoint.workload.params_count)

    def design(self, scenario: ServingScenario, *, context_tokens: int, phase: str = "decode") -> ServingDesign:
        """Return how a usual stack serves it: from a paged cache, or in one block for a batch that nothing joins."""
        alone = scenario.service is None
        usual = open_design(self.memory_scenario(), batch=self.batch, precision=self.checkpoint.scheme.id)
        return usual.replace(
            phase=phase,
            context_tokens=context_tokens,
            kv_precision=self.kv_precision,
            kv_layout="contiguous" if alone else usual.kv_layout,
            experts="dense" if alone else usual.experts,
        )

    def _scenario(self, element_bytes: float) -> ServingScenario:
        scheme = self.checkpoint.scheme
        return open_scenario(
            self.checkpoint.workload,
            self.device,
            chips=self.chips,
            prompt_tokens=self.prompt_tokens,
            output_tokens=self.output_tokens,
            scheme=replace(scheme, group_bytes=element_bytes - scheme.storage.element_bytes),
        )
