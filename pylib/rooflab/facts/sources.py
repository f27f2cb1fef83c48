"""Where the facts come from."""

from rooflab.specs import Confidence, Source, SourceKind

__all__ = [
    "A100_DATASHEET",
    "AMPERE_HOPPER_WHITEPAPERS",
    "APOLLO4_BRIEF",
    "APOLLO4_DOCS",
    "AR_GLASSES_ASSUMPTION",
    "CUDA_GRAPHS_BLOG",
    "CUDA_GUIDE",
    "ESP32_DATASHEET",
    "ESP32_NOTES",
    "ESP32_S3_NOTES",
    "ESP_NN_README",
    "ESP_POWER_NOTES",
    "ATTENTION_ESTIMATE",
    "GLASSES_BODY_ASSUMPTION",
    "GLASSES_ENERGY_ASSUMPTION",
    "GLASSES_IDLE_ASSUMPTION",
    "GLASSES_SCENE_ASSUMPTION",
    "SERVING_FIT",
    "GRAPH_ESTIMATE",
    "H100_DATASHEET",
    "HOST_LAUNCH_ESTIMATE",
    "NCCL_ESTIMATE",
    "IDLE_EXPERIENCE",
    "JETSON_NANO_MEMORY",
    "L2_ASSUMPTION",
    "JETSON_NANO_NOTES",
    "JETSON_ORIN_DATASHEET",
    "JETSON_ORIN_MEMORY",
    "LLAMA_3_8B_CONFIG",
    "LLAMA_3_CONFIG",
    "LOOP_MACHINE_ASSUMPTION",
    "LOOP_NOISE_ASSUMPTION",
    "LOOP_SPIKE_ASSUMPTION",
    "MIXTRAL_CONFIG",
    "MOBILENET_V3_PAPER",
    "NPU_ASSUMPTION",
    "OBSERVER_ASSUMPTION",
    "ORIN_CLOCK_RANGE",
    "PAGED_ATTENTION",
    "REQUESTS_ASSUMPTION",
    "CACHE_SHARE",
    "RESNET_PAPER",
    "RIG_ASSUMPTION",
    "SERVICE_ASSUMPTION",
    "SKIN_LIMIT",
    "SPARSE_GEMM_FIT",
    "TRANSLATOR_ASSUMPTION",
    "YOLOV8_YAML",
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
SERVING_FIT = Source(
    id="serving-fit",
    name="Fit on the published rows of language models that ship with the model",
    kind=SourceKind.FIT,
    confidence=Confidence.SECONDARY,
    date="2026",
    url="https://nvidia.github.io/TensorRT-LLM/performance/perf-overview.html",
    note="Eleven constants, fitted together to 81 published decode steps, prefills, serving rates and largest batches "
    "of eleven publications (gpt-fast, LMDeploy, TensorRT-LLM, NIM, vLLM and others). Fitted without the rows of any one "
    "publication they meet those within 8% in the median. The page on accuracy has the range of each.",
)
ONE_BY_ONE_FIT = Source(
    id="one-by-one-fit",
    name="Fit on published rows of one stack that starts every kernel from the host",
    kind=SourceKind.FIT,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://www.databricks.com/blog/llm-inference-performance-engineering-best-practices",
    note="About 19 µs for each of the ten kernels of a layer, 16 to 22; one publication.",
)
CACHE_SHARE = Source(
    id="cache-share",
    name="TensorRT-LLM documentation, share of the free memory that the cache gets",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://nvidia.github.io/TensorRT-LLM/llm-api/reference/KvCacheConfig.html",
    note="free_gpu_memory_fraction is 0.9 unless it is set.",
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
NCCL_ESTIMATE = Source(
    id="nccl-estimate",
    name="Share of a link that an all-reduce reaches",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="NCCL's own tests show some 230 of 300 GB/s in large messages on an A100, 0.77; 0.6 to 0.9 elsewhere.",
)
GRAPH_ESTIMATE = Source(
    id="graph-estimate",
    name="Gap between the kernels of a graph, and the launch of a graph",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Below the 1 µs gap of queued launches; half of it is used, and 10 µs for the launch.",
)
ATTENTION_ESTIMATE = Source(
    id="attention-estimate",
    name="Share of the peak rate that large attention kernels reach",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Published kernels reach 0.5 to 0.75 of the peak (FlashAttention-2 on A100 0.73, FlashAttention-3 on H100 "
    "0.67); 0.65 is used.",
)
SERVICE_ASSUMPTION = Source(
    id="service-assumption",
    name="Targets and settings of the service",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Set for the lab; the reference throughput is what the model gives for the reference.",
)
JETSON_ORIN_DATASHEET = Source(
    id="nvidia-jetson-agx-orin",
    name="NVIDIA Jetson AGX Orin Series Data Sheet DS-10662-001 and Technical Brief",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.SECONDARY,
    date="2022",
    url="https://developer.nvidia.com/embedded/jetson-agx-orin",
    note="GPU only, dense: half of the sparse figures; the printed 275 TOPS add sparse GPU and DLA.",
)
JETSON_NANO_NOTES = Source(
    id="jetson-orin-nano-benchmarks",
    name="jetson-orin-nano-benchmarks README and NVIDIA's product page",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.SECONDARY,
    date="2025",
    url="https://github.com/hokwangchoi/jetson-orin-nano-benchmarks",
    note="MAXN_SUPER mode, dense: half of 67 TOPS; its bandwidth of 102 GB/s from memory.",
)
AR_GLASSES_ASSUMPTION = Source(
    id="ar-glasses-assumption",
    name="A system on chip of the class of AR glasses",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="No vendor publishes these figures. 4 TOPS in INT8, half of it in FP16, an eighth on the "
    "vector units; 32 bits of LPDDR4X at 4266 MT/s give 17.1 GB/s.",
)
LLAMA_3_8B_CONFIG = Source(
    id="llama-3-8b-config",
    name="Llama 3 8B config.json of the released checkpoint",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://huggingface.co/meta-llama/Meta-Llama-3-8B",
)
MIXTRAL_CONFIG = Source(
    id="mixtral-config",
    name="Mixtral config.json of the released checkpoints",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2024",
    url="https://huggingface.co/mistralai/Mixtral-8x7B-v0.1",
)
ESP32_DATASHEET = Source(
    id="espressif-esp32-datasheet",
    name="Espressif ESP32 Series Datasheet, Table 4-2",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2024",
    url="https://www.espressif.com/sites/default/files/documentation/esp32_datasheet_en.pdf",
    note="30 to 68 mA at 240 MHz with the radio off, of the whole chip with both cores on; the lower figure is used, since one core works and "
    "the other waits. Light sleep 0.8 mA.",
)
ESP32_NOTES = Source(
    id="esp32-reference-manual",
    name="ESP32 Technical Reference Manual",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2024",
    url="https://www.espressif.com/sites/default/files/documentation/esp32_technical_reference_manual_en.pdf",
    note="Lines of 32 bytes, in front of external memory only; quad SPI at 80 MHz gives 40 MB/s "
    "in theory. No vector unit. 3.3 V supply assumed.",
)
ESP_NN_README = Source(
    id="esp-nn-readme",
    name="espressif/esp-nn README, kernel tables",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.PRIMARY,
    date="2024",
    url="https://github.com/espressif/esp-nn",
    note="795 MAC in 12290 cycles in plain C; vector kernels fitted on three shapes.",
)
ESP_POWER_NOTES = Source(
    id="espressif-techpedia-low-power",
    name="Espressif techpedia, introduction to low power",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2024",
    url="https://docs.espressif.com/projects/esp-techpedia/en/latest/",
    note="Light sleep 0.24 mA.",
)
ESP32_S3_NOTES = Source(
    id="esp32-s3-datasheet",
    name="ESP32-S3 Series Datasheet and Technical Reference Manual",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2024",
    url="https://www.espressif.com/sites/default/files/documentation/esp32-s3_datasheet_en.pdf",
    note="128-bit vectors; 108 mA with both cores on vector work; 3.3 V supply assumed. A hop works on one core, whose share nobody "
    "here has read: the power of an active chip is an upper bound.",
)
APOLLO4_DOCS = Source(
    id="zephyr-apollo4p",
    name="Zephyr board documentation of the Ambiq Apollo4 Plus",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2025",
    url="https://docs.zephyrproject.org/latest/boards/ambiq/apollo4p_evb/doc/index.html",
)
APOLLO4_BRIEF = Source(
    id="ambiq-apollo4-brief",
    name="Ambiq Apollo4 Plus product brief",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2022",
    url="https://ambiq.com/apollo4-plus/",
    note="4 uA/MHz, a vendor's headline: 0.77 mA at 192 MHz; 1.8 V supply assumed.",
)
MOBILENET_V3_PAPER = Source(
    id="mobilenet-v3-paper",
    name="Howard et al., Searching for MobileNetV3, Table 2",
    kind=SourceKind.PAPER,
    confidence=Confidence.MEMORY,
    date="2019",
    url="https://arxiv.org/abs/1905.02244",
    note="Squeeze widths are a quarter of the expansion in multiples of 8, as released code has them.",
)
TRANSLATOR_ASSUMPTION = Source(
    id="translator-assumption",
    name="A translation transformer small enough for glasses",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="The shape of the small student models that browsers translate with: six encoder and two "
    "decoder layers of width 256, an MLP of 1536, one table of 32 000 words; the decoder's attention "
    "to itself is counted as an ordinary one.",
)
NPU_ASSUMPTION = Source(
    id="glasses-npu-assumption",
    name="Shares of the peaks that a small neural processor reaches, and the start of a kernel",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="No vendor publishes them. 0.70 of the bandwidth (0.60 to 0.80), 0.50 of the matrix peak "
    "(0.30 to 0.70); a depthwise filter feeds one column of the array, 0.06 of the peak (0.03 to "
    "0.12); 10 µs to start a kernel (5 to 30); four cores with 64 KiB each.",
)
GLASSES_ENERGY_ASSUMPTION = Source(
    id="glasses-energy-assumption",
    name="Energy of operations and bytes on a chip of the class of AR glasses",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="No vendor publishes them. INT8 0.8 pJ for an operation: AGX Orin in its thriftiest mode "
    "measures 0.82 for the whole system (MLPerf v3.1). FP16 2.5 times that, up to 5 times on some chips: "
    "the arithmetic alone is 4 to 6 times as dear (Horowitz 2014; Jouppi et al. 2021), its operands on "
    "the chip twice. 100 pJ for a byte of LPDDR4X (60 to 160 by kind), between HBM2 (31 to 56) and DDR4 "
    "(160). 0.3 W leak while awake, up to 1 W in a process that leaks.",
)
GLASSES_IDLE_ASSUMPTION = Source(
    id="glasses-idle-assumption",
    name="Display, radio, system and camera of AR glasses",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="No vendor publishes them. 0.4 W for the display, 0.2 for the radio, 0.25 for the system, more "
    "with a bright display; 2.5 mJ for a frame in camera and image processor, up to 6 with two cameras. "
    "Qualcomm's claim of less than 1 W for a platform (AR2, 2022) leaves the display open.",
)
GLASSES_BODY_ASSUMPTION = Source(
    id="glasses-body-assumption",
    name="Glasses as one warm body, and their governor",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="10 K/W for 100 to 200 cm² at 8 to 10 W/m²K; 30 J/K for 30 to 40 g at 0.9 J/gK. The "
    "governor halves clock and frame rate at the limit, at 0.8 of the voltage, and resumes 2 K below.",
)
SKIN_LIMIT = Source(
    id="skin-contact-limit",
    name="Limits of ISO 13732-1 and IEC 62368-1 for skin in contact for hours",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2006, 2018",
    url="https://www.iso.org/standard/43558.html",
    note="43 °C for contact of hours.",
)
GLASSES_SCENE_ASSUMPTION = Source(
    id="glasses-scene-assumption",
    name="What the wearer looks at",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Ten patches of 224 pixels cover a frame (6 to 26 by camera); phrases have 16 tokens. How often a predicted "
    "frame or a drafted token holds depends on the scene and on head motion; an expert for one "
    "language is smaller than layers for all. Accuracy is not modelled.",
)
IDLE_EXPERIENCE = Source(
    id="idle-power-experience",
    name="Power of an idle data-centre GPU with its driver loaded",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="General experience, no single publication: about 50 W for an A100, 70 W for an H100.",
)
JETSON_ORIN_MEMORY = Source(
    id="nvidia-jetson-agx-orin-caches",
    name="NVIDIA Jetson AGX Orin Series Technical Brief, caches",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2022",
    url="https://developer.nvidia.com/embedded/jetson-agx-orin",
)
JETSON_NANO_MEMORY = Source(
    id="jetson-orin-nano-super",
    name="NVIDIA Jetson Orin Nano product page, Super mode",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2025",
    url="https://developer.nvidia.com/embedded/learn/get-started-jetson-orin-nano-devkit",
    note="102 GB/s and up to 25 W; the original mode has 68 GB/s and 20 TOPS in dense INT8.",
)
YOLOV8_YAML = Source(
    id="yolov8-yaml",
    name="Ultralytics YOLOv8: yolov8.yaml and the table of models",
    kind=SourceKind.ARCHITECTURE,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://github.com/ultralytics/ultralytics",
    note="Depth 1/3, width 1/4. The table prints 3.2 M parameters and 8.7 GFLOP, multiply and add "
    "counted separately; the layers add up to both within 2%.",
)
RESNET_PAPER = Source(
    id="resnet-paper",
    name="He et al., Deep Residual Learning for Image Recognition, Table 1",
    kind=SourceKind.PAPER,
    confidence=Confidence.MEMORY,
    date="2016",
    url="https://arxiv.org/abs/1512.03385",
    note="The stride is in the 3 x 3 convolution, as in the releases that count 4.1 G multiply-adds.",
)
CUDA_GUIDE = Source(
    id="cuda-programming-guide",
    name="CUDA C++ Programming Guide, technical specifications by compute capability",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2023",
    url="https://docs.nvidia.com/cuda/cuda-c-programming-guide/",
    note="Compute capability 8.7 (Orin): 164 KB of shared memory for each multiprocessor.",
)
ORIN_CLOCK_RANGE = Source(
    id="orin-clock-range",
    name="NVIDIA Jetson Linux Developer Guide, clocks of AGX Orin's GPU",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2023",
    url="https://docs.nvidia.com/jetson/archives/r35.4.1/DeveloperGuide/",
    note="From 114.75 MHz to 1.3 GHz: at the lowest clock everything takes 11.3 times as long, so "
    "10.3 times its time more.",
)
LOOP_MACHINE_ASSUMPTION = Source(
    id="loop-machine-assumption",
    name="Shares of AGX Orin's peaks, starts of kernels, copies and work of its cores",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="No datasheet gives them. 0.75 of the bandwidth, which the cores share (0.65 to 0.85); 0.70 of "
    "the matrix peak in whole tiles (0.50 to 0.80); 2:4 products 1.6 times as fast, not twice; a kernel "
    "of two convolutions 0.6 of the rate, its registers being full; 5 µs to start a kernel (3 to 8), "
    "25 µs for the host to launch one in a framework on Orin's cores (12 to 40); 4 GB/s from pageable "
    "memory (2.5 to 6), 16 GB/s from pinned, 0.4 of the bandwidth where the GPU reads the camera's memory "
    "itself; a locked clock is a tenth below the highest; a reserved core does alone what several "
    "shared, in 1.15 of the time; 3 ns to compare two boxes; 2 ms to track and decide (1.5 to 3).",
)
LOOP_NOISE_ASSUMPTION = Source(
    id="loop-noise-assumption",
    name="Ordinary noise of the stages of a loop",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Standard deviations of the logarithm of a time. A governed clock gives kernels 4%, a locked "
    "one 1%; shared cores 8%, a reserved one 3%; copies from pageable memory 12%; comparing boxes 20%, "
    "since their number changes with the scene.",
)
LOOP_SPIKE_ASSUMPTION = Source(
    id="loop-spike-assumption",
    name="What sporadically delays a frame, how often, and by how much",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Set for the lab after causes that audits of such loops name: faulting pages, a falling clock, "
    "another process on GPU or core, crowds of boxes. 50 ms in one image of 500 in the story of the "
    "track; other variants draw other chances and sizes. A frame that arrives during a spike is dropped "
    "for the next, so a spike delays one frame.",
)
OBSERVER_ASSUMPTION = Source(
    id="observer-assumption",
    name="What a tracing profiler adds to every time",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="10 to 20% by general experience with tracing of kernels and threads; 15% is used.",
)
RIG_ASSUMPTION = Source(
    id="rig-assumption",
    name="Cameras of the vehicle, what they must see, and how well a first look guesses",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Eight cameras of 1920 x 1280 in NV12 at 30 images a second, one after another; a field of view "
    "of 60 degrees is 34.6 m wide at 30 m, where a child of 1.1 m must be seen. How often a first look "
    "suffices depends on the road; a crowded scene is hard for all cameras at once. Accuracy is not "
    "modelled.",
)
PAGED_ATTENTION = Source(
    id="paged-attention",
    name="Kwon et al., Efficient Memory Management for LLM Serving with PagedAttention, SOSP",
    kind=SourceKind.PAPER,
    confidence=Confidence.SECONDARY,
    date="2023",
    url="https://arxiv.org/abs/2309.06180",
    note="Blocks of 16 tokens by default; looking blocks up makes the attention kernel 20% to 26% "
    "slower than a contiguous one, and the middle is used.",
)
REQUESTS_ASSUMPTION = Source(
    id="requests-assumption",
    name="What users ask, and how well drafts and routing fit it",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Prompts and outputs of chat and of short documents; room for the longest request is the "
    "model's whole context. Acceptance of 0.6 to 0.8 and busiest devices with 1.1 to 1.5 times the mean load are "
    "reported for models of these sizes. Answers' quality is not modelled.",
)
SPARSE_GEMM_FIT = Source(
    id="sparse-gemm-fit",
    name="Fit on published gains of 2:4 products",
    kind=SourceKind.FIT,
    confidence=Confidence.SECONDARY,
    date="2021",
    url="https://arxiv.org/abs/2104.08378",
    note="Large products with two of four weights kept come out about 1.66 times as fast, not twice.",
)
L2_ASSUMPTION = Source(
    id="l2-assumption",
    name="What the L2 cache of a GPU gives, against its memory",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Three times the bandwidth of the memory (2 to 4). Tiles run in an order in which their re-reads hit it, if it holds "
    "the smaller operand.",
)
