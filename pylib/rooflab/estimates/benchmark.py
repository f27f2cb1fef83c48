"""The command of a public benchmark that would check an estimate."""

import shlex

from rooflab.estimates.question import Question
from rooflab.specs import WeightScheme

__all__ = ["benchmark_commands", "loads_as"]

_ROUNDS = 10  # requests for each sequence in flight, so that the start and the end weigh little
_QUANTISATION = {"fp8": "fp8"}  # what vLLM makes of 16-bit weights when it loads them


def loads_as(stored: WeightScheme, wanted: WeightScheme) -> bool:
    """Return whether vLLM turns weights of one format into another as it loads them."""
    return stored.id == "bf16" and wanted.id in _QUANTISATION


def benchmark_commands(question: Question, *, model: str, quantised: bool) -> tuple[str, str]:
    """Return vLLM's commands: one starts a server with `model`, one asks it what the question asks.

    `quantised` says that the model's files are in the format of the question already.

    Source: vLLM's documentation of `vllm serve` and `vllm bench serve`.
    """
    longest = question.prompt_tokens + question.output_tokens
    serve = ["vllm", "serve", model, "--tensor-parallel-size", str(question.chips)]
    serve += ["--max-model-len", str(longest), "--max-num-seqs", str(question.batch)]
    method = _QUANTISATION.get(question.checkpoint.scheme.id)
    if method and not quantised:
        serve += ["--quantization", method]
    if question.kv_precision == "fp8":
        serve += ["--kv-cache-dtype", "fp8"]
    bench = ["vllm", "bench", "serve", "--model", model, "--dataset-name", "random"]
    bench += ["--random-input-len", str(question.prompt_tokens), "--random-output-len", str(question.output_tokens)]
    bench += ["--max-concurrency", str(question.batch), "--num-prompts", str(_ROUNDS * question.batch), "--ignore-eos"]
    return shlex.join(serve), shlex.join(bench)
