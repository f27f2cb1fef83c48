"""Figures of data sheets, papers and configurations, typed a second time, in the units in which the sources print them.

An engineer who changes a figure in `rooflab.facts` changes it here too, from the source.
"""

__all__ = ["CHIPS", "CONSTANTS", "DEVICES", "KERNELS", "MEMORIES", "MICROCONTROLLERS", "WORKLOADS"]

# Dense peaks in TFLOP/s; HBM and link in GB/s (one direction); GiB or GB of memory; kB of shared memory; MB of cache (MiB where so printed).
DEVICES = """
a100-sxm-80gb: fp32=19.5 fp16=312 bf16=312 int8=624 vector=19.5 hbm=2039 gib=80 link=300 tdp=400 idle=50 sms=108 shared=164 line=128 l2_mb=40 mhz=1410
h100-sxm: fp32=67 fp16=989 bf16=989 fp8=1979 int8=1979 vector=67 hbm=3350 gib=80 link=450 tdp=700 idle=70 sms=132 shared=228 line=128 l2_mb=50
a100-sxm-40gb: fp32=19.5 fp16=312 bf16=312 int8=624 vector=19.5 hbm=1555 gib=40 link=300 tdp=400 idle=50 sms=108 shared=164 line=128 l2_mb=40 mhz=1410
a100-pcie-80gb: fp32=19.5 fp16=312 bf16=312 int8=624 vector=19.5 hbm=1935 gib=80 tdp=300 sms=108
h100-pcie: fp32=51 fp16=756 bf16=756 fp8=1513 int8=1513 vector=51 hbm=2000 gib=80 tdp=350 sms=114
h200-sxm: fp16=989 bf16=989 fp8=1979 hbm=4800 gb=141 link=450 tdp=700
h800-sxm: bf16=989 link=160
gh200-96gb: fp32=67 fp16=989 bf16=989 fp8=1979 int8=1979 vector=67 hbm=4000 gb=96 sms=132
b200: fp16=2250 bf16=2250 fp8=4500 fp4=9000 hbm=8000 gb=180 link=900 tdp=1000
gb200: fp16=2500 bf16=2500 fp8=5000 fp4=10000 hbm=8000 gb=186 link=900 tdp=1200
v100: fp64=7.8 fp32=15.7 fp16=125 vector=15.7 hbm=900 gb=32 link=150 tdp=300 sms=80 l2_mib=6 mhz=1530
l4: fp32=30.3 fp16=121 bf16=121 fp8=242.5 int8=242.5 vector=30.3 hbm=300 gb=24 link=32 tdp=72
l40s: fp32=91.6 fp16=362 bf16=362 fp8=733 int8=733 vector=91.6 hbm=864 gb=48 link=32 tdp=350 sms=142
mi300x: fp32=163.4 fp16=1307.4 bf16=1307.4 fp8=2614.9 vector=163.4 hbm=5300 gb=192 tdp=750 sms=304 shared=64 l2_mib=32
mi325x: fp32=163.4 fp16=1307.4 bf16=1307.4 fp8=2614.9 vector=163.4 hbm=6000 gb=256 tdp=1000 sms=304 shared=64 l2_mib=32
tpu-v4: bf16=275 int8=275 hbm=1200 gb=32
tpu-v5e: bf16=197 int8=394 hbm=820 gb=16
tpu-v5p: bf16=459 int8=918 hbm=2800 gb=96
tpu-v6e: bf16=920 int8=1840 hbm=1600 gb=32
opteron-x2: fp64=0.0176 hbm=15
rtx-3060-12gb: fp32=12.7 fp16=25.5 int8=102 vector=12.7 hbm=360 gb=12 sms=28
rtx-3090: fp32=35.6 fp16=71 bf16=71 vector=35.6 hbm=936 gb=24 tdp=350 sms=82 l2_mib=6 mhz=1695
rtx-4090: fp32=82.6 fp16=165.2 bf16=165.2 fp8=330.3 int8=660.6 vector=82.6 hbm=1008 gb=24 tdp=450 sms=128 shared=100 l2_mib=72 mhz=2520
rtx-5090: fp16=209.5 bf16=209.5 fp8=419 fp4=1676 hbm=1792 gb=32 tdp=575 sms=170 mhz=2407
rtx-pro-6000-blackwell: fp32=120 fp16=500 bf16=500 fp8=1000 fp4=2000 vector=120 hbm=1597 gb=96 tdp=600 sms=188
apple-m1: fp32=2.6 fp16=2.6 vector=2.6 hbm=68.2 gb=16
apple-m1-pro: fp32=5.2 fp16=5.2 vector=5.2 hbm=204.8 gb=32
apple-m1-max: fp32=10.4 fp16=10.4 vector=10.4 hbm=409.6 gb=64
apple-m2: fp32=3.6 fp16=3.6 vector=3.6 hbm=102.4 gb=24
radeon-8060s: fp16=59.4 bf16=59.4 int8=59.4 hbm=256 gb=128 tdp=120
jetson-agx-orin-64gb: fp32=5.3 fp16=42.5 int8=85 vector=5.3 dla=52.5 hbm=204.8 gb=64 tdp=60 sms=16 line=128 l2_mb=4 mhz=1300
jetson-orin-nx-16gb: fp16=15 int8=30 dla=20 hbm=102.4 gb=16 tdp=25 sms=8
jetson-orin-nano-8gb-super: fp32=2.09 fp16=16.7 int8=33.5 hbm=102 gb=8 tdp=25
jetson-thor-t5000: fp16=258.5 bf16=258.5 fp8=517 fp4=1035 hbm=273 gb=128 tdp=130 sms=20 shared=228 l2_mib=32
adreno-640: fp32=1.0368 vector=1.0368 hbm=34.1
ar-glasses: fp16=2 int8=4 vector=0.25 hbm=17.1
"""

# Layers, hidden size, heads, heads of keys and values, head size, feed-forward size, vocabulary, context; experts and those of a token.
WORKLOADS = """
llama-3-70b: 80 8192 64 8 128 28672 128256 8192 1 1
llama-3-8b: 32 4096 32 8 128 14336 128256 8192 1 1
llama-3.1-70b: 80 8192 64 8 128 28672 128256 131072 1 1
llama-3.1-8b: 32 4096 32 8 128 14336 128256 131072 1 1
llama-2-7b: 32 4096 32 32 128 11008 32000 4096 1 1
llama-2-70b: 80 8192 64 8 128 28672 32000 4096 1 1
mixtral-8x7b: 32 4096 32 8 128 14336 32000 32768 8 2
mixtral-8x22b: 56 6144 48 8 128 16384 32768 65536 8 2
deepseek-v3: 61 7168 128 128 128 2048 129280 131072 256 8
qwen3-235b-a22b: 94 4096 64 4 128 1536 151936 40960 128 8
gpt-oss-20b: 24 2880 64 8 64 2880 201088 131072 32 4
gpt-oss-120b: 36 2880 64 8 64 2880 201088 131072 128 4
mpt-7b: 32 4096 32 32 128 16384 50432 2048 1 1
"""

MICROCONTROLLERS = {
    "esp32": {"clock_hz": 240000000, "cores": 2, "sram_bytes": 532480, "active_w": 0.099, "sleep_w": 0.00264, "external_bytes_per_s": 40000000, "line_bytes": 32, "lanes": 1, "call_cycles": 0, "output_cycles": 0, "mac_cycles": 15.5},
    "esp32-s3": {"clock_hz": 240000000, "cores": 2, "sram_bytes": 524288, "active_w": 0.3564, "sleep_w": 0.000792, "external_bytes_per_s": 40000000, "line_bytes": 32, "lanes": 16, "call_cycles": 3840, "output_cycles": 27.9, "mac_cycles": 0.681},
    "esp32-p4": {"clock_hz": 360000000, "cores": 2, "sram_bytes": 786432, "peak_flop_per_s": 1.152e+10, "lanes": 16, "call_cycles": 370, "output_cycles": 61, "mac_cycles": 0.44, "plain_output_cycles": 31, "plain_mac_cycles": 9.3},
    "apollo4-plus": {"clock_hz": 192000000, "cores": 1, "sram_bytes": 2883584, "nvm_bytes": 2097152, "active_w": 0.0013824},
    "gap9": {"clock_hz": 400000000, "cores": 10, "sram_bytes": 1572864, "nvm_bytes": 2097152, "peak_flop_per_s": 1.508e+11, "energy_j_per_flop": 3.3e-13},
    "max78000": {"cores": 64, "sram_bytes": 452608},
    "ndp120": {"keyword_time_s": 0.00148, "keyword_energy_j": 4.38e-05},
    "nrf54lm20b": {"sram_bytes": 524288, "sleep_w": 1.29e-05, "mac_j": 1.45e-11, "weight_byte_j": 3.64e-11, "keyword_time_s": 0.0045, "keyword_energy_j": 4.05e-05, "anomaly_time_s": 0.0013},
    "rp2350": {"clock_hz": 150000000, "cores": 2, "sram_bytes": 532480, "nvm_bytes": 4194304},
    "stm32f746": {"clock_hz": 216000000, "sram_bytes": 327680, "nvm_bytes": 524288},
    "stm32n6": {"clock_hz": 800000000, "sram_bytes": 4200000, "peak_flop_per_s": 6e+11},
}

# Of a kernel: cycles of a call, of an output, of a multiply-add, lanes; of a memory: MB/s and bytes of a line.
CHIPS = {
    "esp32": {"clock_hz": 240000000, "cores": 2, "active_w": 0.099, "sleep_w": 0.00264, "wake_s": 0.0005, "static_bytes": 163840},
    "esp32-s3": {"clock_hz": 240000000, "cores": 2, "active_w": 0.3564, "sleep_w": 0.000792, "wake_s": 0.0005},
    "apollo4-plus": {"clock_hz": 192000000, "cores": 1, "active_w": 0.0013824, "sleep_w": 2e-05, "wake_s": 2e-05},
    "nrf54lm20b": {"clock_hz": 128000000, "cores": 1, "active_w": 0.009, "sleep_w": 1.29e-05, "wake_s": 2e-05},
}
KERNELS = {
    ("esp32", "int8", "scalar"): (0, 0, 15.5, 1),
    ("esp32", "int8", "vector"): (0, 0, 15.5, 1),
    ("esp32", "float32", "scalar"): (0, 0, 5.12109, 1),
    ("esp32", "float32", "vector"): (0, 0, 4.08984, 1),
    ("esp32-s3", "int8", "scalar"): (0, 0, 15.5, 1),
    ("esp32-s3", "int8", "vector"): (3840, 27.9, 0.681, 16),
    ("esp32-s3", "float32", "scalar"): (0, 0, 5.12109, 1),
    ("esp32-s3", "float32", "vector"): (3840, 27.9, 1.6875, 4),
    ("apollo4-plus", "int8", "scalar"): (0, 0, 15.5, 1),
    ("apollo4-plus", "int8", "vector"): (600, 60, 1.3, 1),
    ("apollo4-plus", "float32", "scalar"): (0, 0, 5.12109, 1),
    ("apollo4-plus", "float32", "vector"): (0, 0, 5.12109, 1),
    ("nrf54lm20b", "int8", "scalar"): (0, 0, 15.5, 1),
    ("nrf54lm20b", "int8", "vector"): (0, 0, 0.216541, 1),
    ("nrf54lm20b", "float32", "scalar"): (0, 0, 5.12109, 1),
    ("nrf54lm20b", "float32", "vector"): (0, 0, 5.12109, 1),
}
MEMORIES = {
    ("esp32", "sram"): (960, 1),
    ("esp32", "flash"): (40, 32),
    ("esp32", "psram"): (20, 32),
    ("esp32-s3", "sram"): (3840, 1),
    ("esp32-s3", "flash"): (40, 32),
    ("esp32-s3", "psram"): (160, 32),
    ("apollo4-plus", "sram"): (768, 1),
    ("apollo4-plus", "flash"): (96, 32),
    ("nrf54lm20b", "sram"): (207.692, 1),
    ("nrf54lm20b", "flash"): (207.692, 1),
}

# What the models of the tracks assume or were fitted to, field by field.
CONSTANTS = {
    "vehicle.CLOCK_DROP": {"chance_fraction": 0.002, "extra_s": 0, "slowdown_factor": 10.3, "noise_factor": 0.1},
    "vehicle.CORE_TAKEN": {"chance_fraction": 0.002, "extra_s": 0.05, "slowdown_factor": 0, "noise_factor": 0.1},
    "vehicle.CROWDED_BOXES": {"chance_fraction": 0.002, "extra_s": 0, "slowdown_factor": 200, "noise_factor": 0.1},
    "vehicle.GPU_TAKEN": {"chance_fraction": 0.002, "extra_s": 0.05, "slowdown_factor": 0, "noise_factor": 0.1},
    "vehicle.ORIN_LOOP": {"hbm_fraction": 0.75, "matrix_fraction": 0.7, "vector_fraction": 0.5, "sparse_factor": 1.6, "pair_fraction": 0.6, "tile_places": 16, "tile_rows": 64, "tile_columns": 64, "on_chip_bytes": 167936, "kernel_start_s": 5e-06, "stream_gap_s": 1e-06, "graph_gap_s": 5e-07, "graph_launch_s": 2e-05, "host_launch_s": 2.5e-05, "pageable_bytes_per_s": 4000000000, "pinned_bytes_per_s": 1.6e+10, "mapped_fraction": 0.4, "locked_clock_fraction": 0.9, "reserved_cpu_factor": 1.15, "box_pair_s": 3e-09, "suppressed_boxes": 1024, "suppression_kernels": 24, "plan_s": 0.002, "observer_fraction": 0.15, "gpu_noise_factor": 0.04, "locked_noise_factor": 0.01, "cpu_noise_factor": 0.08, "reserved_noise_factor": 0.03, "copy_noise_factor": 0.12, "boxes_noise_factor": 0.2, "workspace_bytes": 16000000},
    "vehicle.ORIN_LOOP_FAST": {"hbm_fraction": 0.85, "matrix_fraction": 0.8, "vector_fraction": 0.5, "sparse_factor": 1.6, "pair_fraction": 0.6, "tile_places": 16, "tile_rows": 64, "tile_columns": 64, "on_chip_bytes": 167936, "kernel_start_s": 3e-06, "stream_gap_s": 1e-06, "graph_gap_s": 5e-07, "graph_launch_s": 2e-05, "host_launch_s": 1.2e-05, "pageable_bytes_per_s": 6000000000, "pinned_bytes_per_s": 1.6e+10, "mapped_fraction": 0.4, "locked_clock_fraction": 0.9, "reserved_cpu_factor": 1.15, "box_pair_s": 3e-09, "suppressed_boxes": 1024, "suppression_kernels": 24, "plan_s": 0.0015, "observer_fraction": 0.15, "gpu_noise_factor": 0.04, "locked_noise_factor": 0.01, "cpu_noise_factor": 0.08, "reserved_noise_factor": 0.03, "copy_noise_factor": 0.12, "boxes_noise_factor": 0.2, "workspace_bytes": 16000000},
    "vehicle.ORIN_LOOP_SLOW": {"hbm_fraction": 0.65, "matrix_fraction": 0.5, "vector_fraction": 0.5, "sparse_factor": 1.6, "pair_fraction": 0.6, "tile_places": 16, "tile_rows": 64, "tile_columns": 64, "on_chip_bytes": 167936, "kernel_start_s": 8e-06, "stream_gap_s": 1e-06, "graph_gap_s": 5e-07, "graph_launch_s": 2e-05, "host_launch_s": 4e-05, "pageable_bytes_per_s": 2500000000, "pinned_bytes_per_s": 1.6e+10, "mapped_fraction": 0.4, "locked_clock_fraction": 0.9, "reserved_cpu_factor": 1.15, "box_pair_s": 3e-09, "suppressed_boxes": 1024, "suppression_kernels": 24, "plan_s": 0.003, "observer_fraction": 0.15, "gpu_noise_factor": 0.04, "locked_noise_factor": 0.01, "cpu_noise_factor": 0.08, "reserved_noise_factor": 0.03, "copy_noise_factor": 0.12, "boxes_noise_factor": 0.2, "workspace_bytes": 16000000},
    "vehicle.PAGE_FAULT": {"chance_fraction": 0.002, "extra_s": 0.05, "slowdown_factor": 0, "noise_factor": 0.1},
    "vehicle.STREET_RIG": {"cameras": 8, "image_bytes": 3686400, "image_gap_s": 0.004166666667, "boxes": 400, "target_m": 1.1, "distance_m": 30, "view_width_m": 34.6, "exit_pixels_fraction": 0.25, "exit_acceptance_fraction": 0.75, "verify_pixels_fraction": 0.4, "verify_acceptance_fraction": 0.9, "expert_size_fraction": {'1': 1, '2': 0.75, '4': 0.6}, "switch_fraction": 0.004, "density_fraction": 0.5},
    "glasses.GLASSES_BODY": {"resistance_k_per_w": 10, "capacity_j_per_k": 30, "limit_c": 43, "resume_c": 41, "throttle_clock_fraction": 0.5, "throttle_voltage_fraction": 0.8},
    "glasses.GLASSES_ENERGY": {"matrix_j_per_flop": {'fp16': 2e-12, 'int8': 8e-13}, "vector_j_per_flop": 2e-12, "dram_j_per_byte": 1e-10, "static_w": 0.3, "idle_w": 0.85, "capture_j": 0.0025},
    "glasses.GLASSES_NPU": {"hbm_fraction": 0.7, "matrix_fraction": 0.5, "depthwise_fraction": 0.06, "kernel_start_s": 1e-05, "cores": 4, "core_bytes": 65536},
    "glasses.GLASSES_NPU_FAST": {"hbm_fraction": 0.8, "matrix_fraction": 0.7, "depthwise_fraction": 0.12, "kernel_start_s": 5e-06, "cores": 4, "core_bytes": 65536},
    "glasses.GLASSES_NPU_SLOW": {"hbm_fraction": 0.6, "matrix_fraction": 0.3, "depthwise_fraction": 0.03, "kernel_start_s": 3e-05, "cores": 4, "core_bytes": 65536},
    "glasses.STREET_SCENE": {"patches": 10, "phrase_tokens": 16, "frame_acceptance_fraction": 0.85, "check_fraction": 0.05, "token_acceptance_fraction": 0.7, "draft_fraction": 0.1, "expert_size_fraction": {'1': 1, '4': 0.5, '8': 0.35}},
    "serving.CHAT": {"prompt_tokens": 512, "output_tokens": 512, "longest_tokens": 8192, "page_tokens": 16, "paged_read_factor": 1.23, "acceptance_fraction": 0.7, "imbalance_factor": 1.25, "sparse_rate_fraction": 0.83},
    "calibration.GPU_SERVING": {"hbm_fraction": 0.85, "kv_fraction": 0.9, "gemm_fraction": 0.66, "narrow_gemm_fraction": 0.65, "four_bit_gemm_fraction": 0.4, "grouped_gemm_fraction": 0.5, "attention_fraction": 0.65, "link_fraction": 0.77, "kernel_ramp_s": 5.6e-06, "stream_gap_s": 1e-06, "graph_gap_s": 5e-07, "graph_launch_s": 1e-05, "host_launch_s": 8e-06, "all_reduce_s": 3e-06, "ring_hop_s": 5e-06, "unpack_flop": 1.9, "reserve_fraction": 0.09, "free_fraction": 0.9},
    "calibration.GPU_SERVING_FAST": {"hbm_fraction": 0.88, "kv_fraction": 0.97, "gemm_fraction": 0.73, "narrow_gemm_fraction": 0.71, "four_bit_gemm_fraction": 0.48, "grouped_gemm_fraction": 0.6, "attention_fraction": 0.73, "link_fraction": 0.9, "kernel_ramp_s": 5e-06, "stream_gap_s": 1e-06, "graph_gap_s": 5e-07, "graph_launch_s": 1e-05, "host_launch_s": 5e-06, "all_reduce_s": 2e-06, "ring_hop_s": 4e-06, "unpack_flop": 1, "reserve_fraction": 0.09, "free_fraction": 0.9},
    "calibration.GPU_SERVING_SLOW": {"hbm_fraction": 0.82, "kv_fraction": 0.84, "gemm_fraction": 0.6, "narrow_gemm_fraction": 0.6, "four_bit_gemm_fraction": 0.34, "grouped_gemm_fraction": 0.4, "attention_fraction": 0.5, "link_fraction": 0.6, "kernel_ramp_s": 6.4e-06, "stream_gap_s": 1e-06, "graph_gap_s": 5e-07, "graph_launch_s": 1e-05, "host_launch_s": 2e-05, "all_reduce_s": 3e-05, "ring_hop_s": 7e-06, "unpack_flop": 2.6, "reserve_fraction": 0.09, "free_fraction": 0.9},
    "calibration.ONE_BY_ONE_SERVING": {"hbm_fraction": 0.85, "kv_fraction": 0.9, "gemm_fraction": 0.66, "narrow_gemm_fraction": 0.65, "four_bit_gemm_fraction": 0.4, "grouped_gemm_fraction": 0.5, "attention_fraction": 0.65, "link_fraction": 0.77, "kernel_ramp_s": 1.9e-05, "stream_gap_s": 1e-06, "graph_gap_s": 5e-07, "graph_launch_s": 1e-05, "host_launch_s": 8e-06, "all_reduce_s": 3e-06, "ring_hop_s": 5e-06, "unpack_flop": 1.9, "reserve_fraction": 0.09, "free_fraction": 0.9},
    "hearables.CMSIS_NN": {"call_cycles": 600, "output_cycles": 60, "mac_cycles": 1.3, "lanes": 1, "tap_cycles": 1.8, "mac_j": 0, "weight_byte_j": 0},
    "hearables.EARBUD": {"hop_s": 0.005, "front_end_w": 0.00045, "sram_bytes": 288000, "flash_bytes": 1000000, "psram_bytes": 2000000, "silent_fraction": 0.6, "easy_fraction": 0.5},
    "hearables.HOP_ALGORITHMS": {"caught_fraction": {'none': 0, 'cautious': 0.7, 'eager': 0.95, 'exit': 0.9}, "gate_cost_fraction": {'none': 0, 'cautious': 0.06, 'eager': 0.06, 'exit': 0.3}, "speech_lost_fraction": {'none': 0, 'cautious': 0.002, 'eager': 0.02, 'exit': 0.004}, "kept_fraction": {'dense': 1, 'blocks': 0.5, 'scattered': 0.5}, "worth_fraction": {'dense': 1, 'blocks': 0.8, 'scattered': 0.92}, "expert_size_fraction": {'1': 1, '2': 0.8, '4': 0.6}, "router_fraction": 0.04},
    "hearables.HOP_CONSTANTS": {"bus_fraction": 0.7, "activation_cycles": 15, "pointwise_cycles": 5, "unpack_cycles": 1},
    "hearables.HOP_CONSTANTS_FAST": {"bus_fraction": 0.9, "activation_cycles": 8, "pointwise_cycles": 3, "unpack_cycles": 0.5},
    "hearables.HOP_CONSTANTS_SLOW": {"bus_fraction": 0.5, "activation_cycles": 40, "pointwise_cycles": 12, "unpack_cycles": 2},
    "networks_tiny.ISOLATION_LSTM": {"inputs": 64, "hidden": 100},
    "networks_mobile.MOBILENET_V3_SMALL": {"input_size": 224, "stem": 16, "head": 576, "hidden": 1024, "classes": 1000},
    "networks_mobile.TINY_TRANSLATOR": {"hidden": 256, "ffn": 1536, "encoder_layers": 6, "decoder_layers": 2, "vocab": 32000},
}
