"""Where the figures of devices come from that no track offers."""

from rooflab.specs import Confidence, Source, SourceKind

__all__ = [
    "B200_BRIEF",
    "GAP9_PAGE",
    "H200_DATASHEET",
    "MAX78000_SHEET",
    "NDP120_RESULTS",
]

H200_DATASHEET = Source(
    id="nvidia-h200-datasheet",
    name="NVIDIA H200 Tensor Core GPU datasheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://www.nvidia.com/en-us/data-center/h200/",
    note="Dense peaks, as the H100's; capacity in decimal GB.",
)
B200_BRIEF = Source(
    id="nvidia-blackwell-brief",
    name="NVIDIA Blackwell architecture brief",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://resources.nvidia.com/en-us-blackwell-architecture",
    note="Dense peaks: half of the printed figures, which are with sparsity. 180 GB usable.",
)
GAP9_PAGE = Source(
    id="greenwaves-gap9-comparison",
    name="GreenWaves Technologies, GAP8/GAP9 comparison page",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2023",
    url="https://greenwaves-technologies.com/gap9_processor/",
    note="150.8 GOP/s in INT8 and 0.33 mW/GOP, both of the vendor; L2 1.5 MB, MRAM 2 MB.",
)
MAX78000_SHEET = Source(
    id="adi-max78000-sheet",
    name="Maxim/ADI MAX78000 data sheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2021",
    url="https://www.analog.com/en/products/max78000.html",
    note="442 KB of weights for 64 convolution processors; recurrent layers are not supported.",
)
NDP120_RESULTS = Source(
    id="mlperf-tiny-ndp120",
    name="MLPerf Tiny v1.0 results (MLCommons), Syntiant NDP120",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.MEMORY,
    date="2022",
    url="https://mlcommons.org/benchmarks/inference-tiny/",
    note="Keyword spotting at the high-voltage point; 31.5 µJ at 0.9 V.",
)
