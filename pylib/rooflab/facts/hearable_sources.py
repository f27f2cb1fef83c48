"""Where the facts of chips and networks in an earbud come from."""

from rooflab.specs import Confidence, Source, SourceKind

__all__ = [
    "ALGORITHM_ASSUMPTION",
    "APOLLO4_LAB_ASSUMPTION",
    "AXON_FIT",
    "AXON_TABLES",
    "BUS_ASSUMPTION",
    "BUS_WIDTHS",
    "CMSIS_NN_FIT",
    "CORE_COUNTS",
    "EARBUD_ASSUMPTION",
    "ESP32_STATIC_DRAM",
    "ESP_DSP_BENCHMARKS",
    "ISOLATION_ASSUMPTION",
    "NORDIC_LAB_ASSUMPTION",
    "NRF54LM20_SLEEP",
    "PLAIN_C_ASSUMPTION",
    "POINTWISE_ASSUMPTION",
    "SRAM_WIDTHS",
    "WAKE_ASSUMPTION",
]

AXON_TABLES = Source(
    id="nordic-axon-tables",
    name="Nordic Semiconductor, nRF54LM20 data sheet, electrical specification of the Axon NPU",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2026",
    url="https://docs.nordicsemi.com/r/bundle/ps_nrf54lm20a",
    note="Keyword spotting 4.5 ms at 3.0 mA, anomaly detection 1.3 ms at 3.5 mA; 3.0 V supply assumed.",
)
AXON_FIT = Source(
    id="axon-fit",
    name="Two-term fits on the two published networks of the Axon NPU",
    kind=SourceKind.FIT,
    confidence=Confidence.SECONDARY,
    date="2026",
    note="Energy: 14.5 pJ for a multiply-add and 36.4 pJ for a weight byte. Time as a roofline: "
    "2.66 M multiply-adds in 4.5 ms are arithmetic, 270 kB of dense weights in 1.3 ms are reads. "
    "No third network checks either fit.",
)
NRF54LM20_SLEEP = Source(
    id="nrf54lm20-sleep",
    name="Nordic Semiconductor, nRF54LM20 data sheet, sleep currents",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2026",
    url="https://docs.nordicsemi.com/r/bundle/ps_nrf54lm20a",
    note="4.3 µA with 512 KB of RAM kept and the timer running; 3.0 V supply.",
)
NORDIC_LAB_ASSUMPTION = Source(
    id="nrf54lm20-lab",
    name="What the lab assumes of the nRF54LM20B beside its data sheet",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="128 MHz as the rest of its family; 3.0 mA for the processor alone, as for the NPU; the fit "
    "of the NPU cannot tell RAM from resistive memory, so both read alike; 300 kB of either is free.",
)
CORE_COUNTS = Source(
    id="espressif-core-counts",
    name="Espressif ESP32 and ESP32-S3 series data sheets",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.MEMORY,
    date="2024",
    url="https://www.espressif.com/en/support/documents/technical-documents",
    note="Two cores each; a hop runs on one of them, so its roofs are those of one core.",
)
ESP_DSP_BENCHMARKS = Source(
    id="esp-dsp-benchmarks",
    name="Espressif DSP Library Benchmarks, dsps_dotprod_f32 of 256 points",
    kind=SourceKind.MEASUREMENT,
    confidence=Confidence.PRIMARY,
    date="2025",
    url="https://docs.espressif.com/projects/esp-dsp/en/latest/esp-dsp-benchmarks.html",
    note="1047 cycles on the ESP32, 432 on the ESP32-S3, 1311 in plain C.",
)
ESP32_STATIC_DRAM = Source(
    id="esp-idf-memory-types",
    name="Espressif, ESP-IDF Programming Guide for the ESP32, Memory Types",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2025",
    url="https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-guides/memory-types.html",
    note="At most 160 KB of the 320 KB of data RAM may be allocated statically; the rest is heap. A larger cell lies on the heap, an "
    "array for each gate.",
)
PLAIN_C_ASSUMPTION = Source(
    id="plain-c-elsewhere",
    name="Plain C on cores where it was not measured",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="15.5 cycles for an INT8 and 5.1 for a float32 multiply-add, as measured on Espressif's cores: "
    "all are in-order 32-bit cores with a floating-point unit.",
)
CMSIS_NN_FIT = Source(
    id="cmsis-nn-estimate",
    name="Lai, Suda and Chandra, CMSIS-NN, table 1, fitted",
    kind=SourceKind.FIT,
    confidence=Confidence.MEMORY,
    date="2018",
    url="https://arxiv.org/abs/1801.06601",
    note="Three convolutions on a Cortex-M7 at 216 MHz: 75, 800 and 800 multiply-adds an output in 207, 1128 and 1192 cycles; "
    "600 cycles for a call are assumed.",
)
BUS_WIDTHS = Source(
    id="esptool-flash-modes",
    name="Espressif esptool, SPI flash modes",
    kind=SourceKind.DATASHEET,
    confidence=Confidence.PRIMARY,
    date="2025",
    url="https://docs.espressif.com/projects/esptool/en/latest/advanced-topics/spi-flash-modes.html",
    note="Bits a clock times the clock: two bits at 40 MHz give 10 MB/s, four give 20, four at 80 MHz 40; "
    "octal memory at both edges of 80 MHz gives 160. All in theory.",
)
BUS_ASSUMPTION = Source(
    id="bus-assumption",
    name="Share of an external bus that streaming reaches",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Command and address cycles of every line, and the pause between lines: 0.7 is used (0.5 to 0.9).",
)
SRAM_WIDTHS = Source(
    id="sram-widths",
    name="One access a clock to internal SRAM",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="32 bits on scalar cores, 128 on the vector path of the ESP32-S3. The cycles of the kernels, "
    "measured, already include these loads.",
)
APOLLO4_LAB_ASSUMPTION = Source(
    id="apollo4-lab",
    name="What the lab assumes of the Apollo4 Plus beside its data sheet",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="20 µW asleep with its memory kept, 96 MB/s from MRAM through the cache in lines of 32 bytes. "
    "No figure of either was found.",
)
WAKE_ASSUMPTION = Source(
    id="wake-assumption",
    name="Waking from the sleep that keeps memory",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Espressif states less than 1 ms for light sleep (ESP32-C3): 0.5 ms is used; 20 µs for chips "
    "that are made to wake often. The chip draws its active power meanwhile.",
)
POINTWISE_ASSUMPTION = Source(
    id="pointwise-assumption",
    name="Cycles of the pointwise steps of a cell, and of unpacking",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Sigmoid and tanh from a table 15 cycles (8 to 40), an addition or product of vectors 5 for each "
    "element (3 to 12), a scattered weight 1 to find its place (0.5 to 2). Not measured.",
)
EARBUD_ASSUMPTION = Source(
    id="earbud-assumption",
    name="The earbud around the network",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="A hop of 5 ms, microphones and transform, what radio and audio leave of the memories, and the "
    "budget are set for the lab. The budget of 1 mW and 10 ms is the product's.",
)
ISOLATION_ASSUMPTION = Source(
    id="isolation-assumption",
    name="Recurrent networks that isolate a voice",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="One LSTM cell over 64 bands. 100 hidden states fill neither vectors nor lines, on purpose. "
    "Published networks of this kind have 0.1 to 1.2 million weights (TinyLSTM, TinyDenoiser, NNSE).",
)
ALGORITHM_ASSUMPTION = Source(
    id="hop-algorithm-assumption",
    name="How well hops are guessed, and what smaller and sparse networks are worth",
    kind=SourceKind.ASSUMPTION,
    confidence=Confidence.ASSUMED,
    date="2026",
    note="Quality is not modelled: how often a gate is right, what speech it cuts, and which dense state "
    "a sparse network or an expert replaces are set for the lab and must be listened to.",
)
