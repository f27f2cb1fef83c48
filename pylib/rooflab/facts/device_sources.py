"""Where the figures of devices come from that no track offers."""

from rooflab.specs import Confidence, Source, SourceKind

__all__ = [
    "A100_PCIE_DATASHEET",
    "ADA_WHITEPAPER",
    "ADRENO_TABLE",
    "APPLE_BANDWIDTH",
    "APPLE_NEWSROOM",
    "B200_BRIEF",
    "ESP32_P4_DOCS",
    "ESP_NN_P4",
    "ESP_NN_P4_FIT",
    "ESP_NN_P4_LOOPS",
    "GA102_WHITEPAPER",
    "GAP9_PAGE",
    "GB200_DATASHEET",
    "GH200_DATASHEET",
    "H100_PCIE_DATASHEET",
    "H200_DATASHEET",
    "H800_REPORT",
    "JETSON_THOR_FORUM",
    "JETSON_THOR_PAGE",
    "L40S_DATASHEET",
    "L4_DATASHEET",
    "MAX78000_SHEET",
    "MI300X_DATASHEET",
    "MI325X_DATASHEET",
    "NDP120_RESULTS",
    "ORIN_NX_DATASHEET",
    "PICO_2_DOCS",
    "ROOFLINE_PAPER",
    "RTX_3060_PAGE",
    "RTX_BLACKWELL_WHITEPAPER",
    "RTX_PRO_6000_PAGE",
    "STM32F746_SHEET",
    "STM32N6_PAGE",
    "STRIX_HALO_NOTES",
    "TPU_TABLE",
    "V100_WHITEPAPER",
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
    note="Dense peaks: half of the printed figures, which are with sparsity. 180 GB usable. "
    "A later data sheet prints 7.7 TB/s for a GPU of an HGX B200 and 8 for one of a GB200; the brief and the measured rows have 8.",
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
A100_PCIE_DATASHEET = Source(
    id="nvidia-a100-pcie-datasheet",
    name="NVIDIA A100 Tensor Core GPU datasheet, PCIe 80 GB",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2021",
    url="https://www.nvidia.com/content/dam/en-zz/Solutions/Data-Center/a100/pdf/nvidia-a100-datasheet.pdf",
    note="Dense peaks, as the SXM4 part's; read in winston-zhang-orz/gpu-specs, specs.md. 108 multiprocessors: the whitepaper.",
)
H100_PCIE_DATASHEET = Source(
    id="nvidia-h100-pcie-datasheet",
    name="NVIDIA H100 Tensor Core GPU datasheet, PCIe",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://resources.nvidia.com/en-us-tensor-core/nvidia-tensor-core-gpu-datasheet",
    note="Dense peaks: half of the printed 1513 and 3026 TFLOPS, which are with sparsity; read in stas00/ml-engineering, "
    "compute/accelerator/README.md. 14592 cores in winston-zhang-orz/gpu-specs make 114 multiprocessors.",
)
H800_REPORT = Source(
    id="deepseek-v3-h800",
    name="DeepSeek-V3 Technical Report, section 3.2.2",
    kind=SourceKind.PAPER,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://arxiv.org/abs/2412.19437",
    note="The report prints 160 GB/s of NVLink, one direction. The peak is the H100's; a memory figure is not published there.",
)
GH200_DATASHEET = Source(
    id="nvidia-gh200-datasheet",
    name="NVIDIA GH200 Grace Hopper Superchip datasheet, 96 GB of HBM3",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://www.nvidia.com/en-us/data-center/grace-hopper-superchip/",
    note="4 TB/s to 96 GB, read in stas00/ml-engineering, compute/accelerator/README.md; its GPU has the dense peaks of the H100 SXM5.",
)
GB200_DATASHEET = Source(
    id="nvidia-blackwell-datasheet-gb200",
    name="NVIDIA Blackwell datasheet and GB200 NVL72 page, one GPU of 72",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://www.nvidia.com/en-us/data-center/gb200-nvl72/",
    note="720 and 1440 PFLOPS with sparsity for the rack in FP8 and FP4: 5 and 10 dense for each GPU, and half of FP8 in 16 bits. "
    "186 GB at 8 TB/s and up to 1200 W a GPU; the measured rows state the B200's peaks and 180 GB.",
)
V100_WHITEPAPER = Source(
    id="nvidia-v100-whitepaper",
    name="NVIDIA V100 and A100 architecture whitepapers, comparison of data-centre GPUs",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2017, 2020",
    url="https://images.nvidia.com/content/volta-architecture/pdf/volta-architecture-whitepaper.pdf",
    note="SXM2. Read in a public copy of the A100 whitepaper's table; 300 W and NVLink of 300 GB/s in both directions in mlsysim's V100.yaml.",
)
TPU_TABLE = Source(
    id="scaling-book-tpus",
    name="How to Scale Your Model, chapter How to Think About TPUs, table of chips",
    kind=SourceKind.PAPER,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://jax-ml.github.io/scaling-book/tpus/",
    note="Per chip; FLOP/s in bfloat16 and INT8 and bytes/s of HBM. The v4's INT8 peak equals its bfloat16 peak.",
)
L4_DATASHEET = Source(
    id="nvidia-l4-datasheet",
    name="NVIDIA L4 Tensor Core GPU datasheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://resources.nvidia.com/en-us-data-center-overview/l4-gpu-datasheet",
    note="Dense peaks: half of the printed 242 TFLOPS and 485 TOPS, which are with sparsity; read in winston-zhang-orz/gpu-specs, specs.md. PCIe "
    "of the fourth generation: 64 GB/s in both directions, so 32 in one.",
)
L40S_DATASHEET = Source(
    id="nvidia-l40s-datasheet",
    name="NVIDIA L40S datasheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://resources.nvidia.com/en-us-l40s/l40s-datasheet-28413",
    note="Dense peaks: 362.05 and 733, printed beside 733 and 1466 with sparsity; read in two resellers' copies. PCIe of the fourth "
    "generation: 64 GB/s in both directions, so 32 in one. 18176 cores make 142 multiprocessors.",
)
RTX_PRO_6000_PAGE = Source(
    id="nvidia-rtx-pro-6000-server",
    name="NVIDIA RTX PRO 6000 Blackwell Server Edition, product page and datasheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://www.nvidia.com/en-us/data-center/rtx-pro-6000-blackwell-server-edition/",
    note="1597 GB/s; the Workstation Edition has 1792. 120 TFLOPS in FP32. 4 PFLOPS of FP4 with sparsity are 2 dense, FP8 and 16 bits a half "
    "and a quarter of it: the sheet prints no dense figure, and other readers derive 480 to 504 TFLOPS in BF16.",
)
MI300X_DATASHEET = Source(
    id="amd-mi300x-datasheet",
    name="AMD Instinct MI300X Accelerator data sheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://www.amd.com/en/products/accelerators/instinct/mi300/mi300x.html",
    note="Dense peaks: 1307.4 and 2614.9; read in alpharomercoma/MI300X-vs-H200, METHODOLOGY.md. 304 compute units, 64 KiB of local memory "
    "each and 32 MiB of L2 in AMD's table of ROCm GPU specifications.",
)
MI325X_DATASHEET = Source(
    id="amd-mi325x-datasheet",
    name="AMD Instinct MI325X Accelerator data sheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://www.amd.com/en/products/accelerators/instinct/mi300/mi325x.html",
    note="The MI300X's compute with 256 GB at 6 TB/s and 1000 W; read in awesomeagents.ai/hardware/amd-mi325x and docs.vultr.com.",
)
ROOFLINE_PAPER = Source(
    id="williams-roofline",
    name="Williams, Waterman and Patterson, Roofline, Communications of the ACM 52(4)",
    kind=SourceKind.PAPER,
    confidence=Confidence.SECONDARY,
    date="2009",
    url="https://doi.org/10.1145/1498765.1498785",
    note="Opteron X2, two sockets: 17.6 GFLOP/s in double precision; 15 GB/s is what a benchmark sustained, not a data sheet's figure.",
)
GA102_WHITEPAPER = Source(
    id="nvidia-ga102-whitepaper",
    name="NVIDIA Ampere GA102 GPU Architecture whitepaper, appendix A",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2021",
    url="https://www.nvidia.com/content/PDF/nvidia-ampere-ga-102-gpu-architecture-whitepaper-v2.pdf",
    note="Peak FP16 with FP32 accumulation, dense: 71 TFLOPS; GeForce halves it against FP16 accumulation. 350 W is the board's.",
)
RTX_3060_PAGE = Source(
    id="nvidia-rtx-3060",
    name="NVIDIA GeForce RTX 3060 12 GB, product page; the device that llama.cpp issue 5877 names",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2021",
    url="https://www.nvidia.com/en-us/geforce/graphics-cards/30-series/rtx-3060-3060ti/",
    note="28 multiprocessors of the GA102 whitepaper's kind: 512 FLOP a clock in FP16 with FP32 accumulation at 1.78 GHz are 25.5 TFLOPS, "
    "INT8 four times that; 12.7 in FP32.",
)
ADA_WHITEPAPER = Source(
    id="nvidia-ada-whitepaper",
    name="NVIDIA Ada GPU Architecture whitepaper 2.1, appendix A",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://images.nvidia.com/aem-dam/Solutions/Data-Center/l4/nvidia-ada-gpu-architecture-whitepaper-v2.1.pdf",
    note="GeForce RTX 4090, dense, with FP32 accumulation: 165.2 in FP16 and BF16, 330.3 in FP8, which version 2.02 corrected from 660.6. "
    "100 KB of shared memory a multiprocessor: CUDA's tuning guide for Ada.",
)
RTX_BLACKWELL_WHITEPAPER = Source(
    id="nvidia-rtx-blackwell-whitepaper",
    name="NVIDIA RTX Blackwell GPU Architecture whitepaper 1.1, appendix A",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://images.nvidia.com/aem-dam/Solutions/geforce/blackwell/nvidia-rtx-blackwell-gpu-architecture.pdf",
    note="GeForce RTX 5090, dense, with FP32 accumulation: 209.5 in BF16, 419 in FP8, 1676 in FP4, which is not halved. Boost 2407 MHz.",
)
APPLE_NEWSROOM = Source(
    id="apple-newsroom-silicon",
    name="Apple Newsroom, announcements of M1, M1 Pro and M1 Max, and M2",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2020 to 2022",
    url="https://www.apple.com/newsroom/2021/10/introducing-m1-pro-and-m1-max-the-most-powerful-chips-apple-has-ever-built/",
    note="TFLOPS of the GPU and largest unified memory; read in huggingface/huggingface.js, packages/tasks/src/hardware.ts. FP16 runs at FP32's "
    "rate: philipturner/metal-benchmarks, README.md. The GPU may use part of the memory only.",
)
APPLE_BANDWIDTH = Source(
    id="apple-memory-bandwidth",
    name="ggml-org/llama.cpp pull request 1642, physical limits of the memory of Apple silicon",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.PRIMARY,
    date="2023",
    url="https://github.com/ggml-org/llama.cpp/pull/1642",
    note="68.2 GB/s on the M1, 102.4 on the M2, 204.8 on the M1 Pro, 409.6 on the M1 Max: width times transfer rate.",
)
STRIX_HALO_NOTES = Source(
    id="strix-halo-notes",
    name="softab, AMD Strix Halo hardware specifications",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.PRIMARY,
    date="2026",
    url="https://whylucian.github.io/softab/docs/hardware-specs.html",
    note="512 operations a clock for each of 40 compute units at 2.9 GHz are 59.4 TFLOPS in FP16 and BF16, and in INT8; LPDDR5X-8000 of 256 bits "
    "gives 256 GB/s, of which 215 were measured. 128 GB are shared with the processor.",
)
ADRENO_TABLE = Source(
    id="wikipedia-adreno",
    name="Wikipedia, Adreno: table of GPUs; Snapdragon 855 mobile platform",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://en.wikipedia.org/wiki/Adreno",
    note="Adreno 640: 768 FP32 lanes at 675 MHz are 1036.8 GFLOPS; LPDDR4X of 64 bits at 2133 MHz gives 34.1 GB/s. A faster FP16 is not published.",
)
ORIN_NX_DATASHEET = Source(
    id="nvidia-jetson-orin-nx",
    name="NVIDIA Jetson Orin NX Series Data Sheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://developer.nvidia.com/embedded/jetson-orin-nx",
    note="100 TOPS with sparsity in INT8: 60 of the GPU and 40 of two DLAs, so 30 and 20 dense; FP16 half of INT8. 102.4 GB/s, 25 W; the original "
    "modes, not Super. 1024 cores make 8 multiprocessors.",
)
JETSON_THOR_PAGE = Source(
    id="nvidia-jetson-thor",
    name="NVIDIA Jetson Thor product page, T5000 module",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://www.nvidia.com/en-us/autonomous-machines/embedded-systems/jetson-thor/",
    note="2070 TFLOPS of FP4 and 1035 of FP8 with sparsity: 1035 and 517 dense, half of that in 16 bits, as huggingface.co/hardware/jetson-t5000 "
    "has it. 128 GB at 273 GB/s, up to 130 W.",
)
JETSON_THOR_FORUM = Source(
    id="nvidia-forum-thor-properties",
    name="NVIDIA Developer Forums, properties that CUDA reports of Jetson AGX Thor",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.PRIMARY,
    date="2025",
    url="https://forums.developer.nvidia.com/t/clarification-on-cuda-core-and-tensor-core-counts-for-jetson-agx-thor/356355",
    note="20 multiprocessors, 32 MiB of L2, 228 KiB of shared memory each.",
)
ESP_NN_P4 = Source(
    id="esp-nn-readme-p4",
    name="espressif/esp-nn README, table of kernels on the ESP32-P4 at 360 MHz",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.PRIMARY,
    date="2026",
    url="https://github.com/espressif/esp-nn",
    note="Commit d45b843. 16 INT8 lanes a vector instruction: two operations each at 360 MHz are 11.52 GOP/s of one core.",
)
ESP_NN_P4_FIT = Source(
    id="esp-nn-p4-fit",
    name="espressif/esp-nn README 1.2.3 (d45b843), kernel table of the ESP32-P4",
    kind=SourceKind.FIT,
    confidence=Confidence.SECONDARY,
    date="2026-04",
    url="https://github.com/espressif/esp-nn",
    note="A 1 x 1 convolution of 64 channels and a product of 271 x 3, with vectors and in plain C: a call and an output, given "
    "the multiply-add of the loop; an output and a multiply-add of plain C, without a call. Rows U2-43 to U2-46 are these kernels "
    "and no test of the figures.",
)
ESP_NN_P4_LOOPS = Source(
    id="esp-nn-p4-loops",
    name="espressif/esp-nn 1.2.3, inner loop of the ESP32-P4's dot product, counted",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026-04",
    url="https://github.com/espressif/esp-nn",
    note="Seven instructions for 32 multiply-adds, two cycles each where they load or multiply 16 bytes.",
)
ESP32_P4_DOCS = Source(
    id="zephyr-esp32-p4",
    name="Zephyr documentation of ESP32-P4-Function-EV-Board and of the ESP32-P4",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2026",
    url="https://docs.zephyrproject.org/latest/boards/espressif/esp32p4_function_ev_board/doc/index.html",
    note="Two cores, 768 KB of SRAM; silicon before revision 3 runs at 360 MHz, later at 400.",
)
STM32F746_SHEET = Source(
    id="st-stm32f746",
    name="STMicroelectronics STM32F746 data sheet",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2016",
    url="https://www.st.com/en/microcontrollers-microprocessors/stm32f746ve.html",
    note="VE variant; read in the text of a KiCad symbol.",
)
STM32N6_PAGE = Source(
    id="st-stm32n6",
    name="STMicroelectronics, STM32N6 series with Neural-ART accelerator",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://blog.st.com/stm32n6/",
    note="600 GOPS of the accelerator, the vendor's headline; Cortex-M55 at 800 MHz, 4.2 MB of RAM.",
)
PICO_2_DOCS = Source(
    id="zephyr-rpi-pico2",
    name="Zephyr documentation of Raspberry Pi Pico 2 (RP2350)",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2025",
    url="https://docs.zephyrproject.org/latest/boards/raspberrypi/rpi_pico2/doc/index.html",
    note="Two Cortex-M33 at up to 150 MHz, 520 KB of SRAM, 4 MB of flash on the board.",
)
