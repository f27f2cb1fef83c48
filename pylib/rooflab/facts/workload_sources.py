"""Where the shapes of models that no track uses come from."""

from rooflab.specs import Confidence, Source, SourceKind

__all__ = [
    "DEEPSEEK_V3_CONFIG",
    "GPT_OSS_CONFIG",
    "LLAMA_2_CONFIG",
    "LLAMA_3_1_CONFIG",
    "MPT_CONFIG",
    "QWEN3_CONFIG",
]

GPT_OSS_CONFIG = Source(
    id="gpt-oss-config",
    name="gpt-oss config.json of the released checkpoints",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://huggingface.co/openai/gpt-oss-120b",
    note="Biases, routers' biases and sinks follow from the other dimensions; with them the count is that of the "
    "published tensors, 20,914,757,184 and 116,829,156,672.",
)
LLAMA_3_1_CONFIG = Source(
    id="llama-3-1-config",
    name="Llama 3.1 config.json of the released checkpoints",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://huggingface.co/meta-llama/Llama-3.1-70B",
)
QWEN3_CONFIG = Source(
    id="qwen3-config",
    name="Qwen3 config.json of the released checkpoint",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://huggingface.co/Qwen/Qwen3-235B-A22B",
    note="Queries and keys have a norm each of the size of a head; the count is that of the published tensors.",
)
MPT_CONFIG = Source(
    id="mpt-config",
    name="MPT-7B config.json of the released checkpoint",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://huggingface.co/mosaicml/mpt-7b",
    note="No biases; positions by ALiBi, without parameters; input and output share one table.",
)
LLAMA_2_CONFIG = Source(
    id="llama-2-config",
    name="Llama 2 config.json of the released checkpoints",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://huggingface.co/meta-llama/Llama-2-70b-hf",
)
DEEPSEEK_V3_CONFIG = Source(
    id="deepseek-v3-config",
    name="DeepSeek-V3 Technical Report and config.json of the released checkpoint",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://arxiv.org/abs/2412.19437",
    note="671 billion parameters in all and 37 billion for a token are in the report.",
)
