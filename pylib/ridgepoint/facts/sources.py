"""Where the facts come from."""

from ridgepoint.specs import Confidence, Source, SourceKind

__all__ = [
    "A100_DATASHEET",
    "AMPERE_HOPPER_WHITEPAPERS",
    "CUDA_GRAPHS_BLOG",
    "GEMM_ESTIMATE",
    "GPT_FAST_FIT",
    "GRAPH_ESTIMATE",
    "H100_DATASHEET",
    "HOST_LAUNCH_ESTIMATE",
    "LLAMA_3_CONFIG",
    "RESERVE_ESTIMATE",
    "ROOFLINE_PAPER",
    "SERVICE_ASSUMPTION",
]

A100_DATASHEET = Source(
    id="nvidia-a100-datasheet",
    name="NVIDIA A100 Tensor Core GPU datasheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2021",
    url="https://www.nvidia.com/content/dam/en-zz/Solutions/Data-Center/a100/pdf/nvidia-a100-datasheet.pdf",
    note="Dense peaks. NVLink: 600 GB/s in both directions, so 300 in one.",
)
H100_DATASHEET = Source(
    id="nvidia-h100-datasheet",
    name="NVIDIA H100 Tensor Core GPU datasheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://resources.nvidia.com/en-us-tensor-core/nvidia-tensor-core-gpu-datasheet",
    note="Dense peaks: half of the printed figures, which are with sparsity. "
    "NVLink: 900 GB/s in both directions, so 450 in one.",
)
AMPERE_HOPPER_WHITEPAPERS = Source(
    id="nvidia-architecture-whitepapers",
    name="NVIDIA A100 and H100 architecture whitepapers",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2020, 2022",
    url="https://resources.nvidia.com/en-us-tensor-core",
)
LLAMA_3_CONFIG = Source(
    id="llama-3-config",
    name="Llama 3 config.json of the released checkpoint",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://huggingface.co/meta-llama/Meta-Llama-3-70B",
)
ROOFLINE_PAPER = Source(
    id="roofline-paper",
    name="Williams, Waterman and Patterson, Roofline, CACM 52(4)",
    kind=SourceKind.PAPER,
    confidence=Confidence.PRIMARY,
    date="2009",
    url="https://doi.org/10.1145/1498765.1498785",
)
GPT_FAST_FIT = Source(
    id="gpt-fast-fit",
    name="Fit on published decode figures (mostly gpt-fast on A100-80GB)",
    kind=SourceKind.FIT,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://github.com/pytorch-labs/gpt-fast",
    note="A share of 0.85 of the HBM bandwidth (0.77 to 0.85), 6 µs for every kernel of a "
    "captured graph (5 to 7.5), 5 µs for an all-reduce of a small message (2 to 6), and about one "
    "multiply-add to unpack a weight (2.3 flop, 1.2 to 2.9) explain the rows together.",
)
CUDA_GRAPHS_BLOG = Source(
    id="cuda-graphs-blog",
    name="NVIDIA Technical Blog, Getting Started with CUDA Graphs (V100)",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.SECONDARY,
    date="2019",
    url="https://developer.nvidia.com/blog/cuda-graphs/",
    note="A 2.9 µs kernel takes 3.8 µs when launches are queued: about 1 µs between kernels.",
)
HOST_LAUNCH_ESTIMATE = Source(
    id="host-launch-estimate",
    name="Host time for one operator of an eager framework",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="5 to 20 µs by general experience; no single publication. 8 µs is used.",
)
GRAPH_ESTIMATE = Source(
    id="graph-estimate",
    name="Gap between the kernels of a graph, and the launch of a graph",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Below the 1 µs gap of queued launches; half of it is used, and 10 µs for the launch.",
)
GEMM_ESTIMATE = Source(
    id="gemm-estimate",
    name="Share of the peak rate that large matrix and attention kernels reach",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Published kernels reach 0.6 to 0.8 of the peak (FlashAttention-2 on A100 0.73, "
    "FlashAttention-3 on H100 0.67); 0.70 for matrix products and 0.65 for attention are used.",
)
RESERVE_ESTIMATE = Source(
    id="reserve-estimate",
    name="Share of HBM that the driver, the allocator and fragments keep",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="About 95% of the nominal capacity is usable in practice.",
)
SERVICE_ASSUMPTION = Source(
    id="service-assumption",
    name="Targets and settings of the service",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Set for the lab; the reference throughput is what the model gives for the reference.",
)
