"""Facts: devices, workloads and constants, every figure with its source."""
