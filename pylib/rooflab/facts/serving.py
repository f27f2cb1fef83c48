"""What is asked of a node that serves a language model."""

from rooflab.facts.sources import PAGED_ATTENTION, REQUESTS_ASSUMPTION, SPARSE_GEMM_FIT
from rooflab.specs import Service

__all__ = ["CHAT"]

CHAT = Service(
    id="chat",
    name="Requests and engine",
    prompt_tokens=512,
    output_tokens=512,
    longest_tokens=8192,
    page_tokens=16,
    paged_read_factor=1.23,
    acceptance_fraction=0.7,
    imbalance_factor=1.25,
    sparse_rate_fraction=0.83,
    sources={
        REQUESTS_ASSUMPTION: (
            "prompt_tokens",
            "output_tokens",
            "longest_tokens",
            "acceptance_fraction",
            "imbalance_factor",
        ),
        PAGED_ATTENTION: ("page_tokens", "paged_read_factor"),
        SPARSE_GEMM_FIT: ("sparse_rate_fraction",),
    },
)
