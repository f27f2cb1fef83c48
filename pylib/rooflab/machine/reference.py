"""The reference machine: a measurement that ships, for machines whose own numbers do not decide, and for tests.

The best of each row was measured 2026-11 under Node on one core of two of an AMD EPYC, Debian 12, with relaxed SIMD. Assumed are
the other samples, 2 to 5% above it, and both rows of two cores. Each line is a kernel, its variant and size, the cores that ran it
together, and seconds of one run, sample by sample.
"""

from __future__ import annotations

from functools import cache

from rooflab.machine.checks import expected_checksum
from rooflab.machine.study import Study, study

__all__ = ["RUN", "reference", "reference_rows"]

RUN = {"date": "2026-11-30", "clock_s": 0.0001, "simd": "relaxed", "cores": 2, "hidden": False, "engine": "Node", "gpu": None}

# fmt: off
ROWS = (
    ("peak", "simd", 100000, 1, (0.000163, 0.000167, 0.000168, 0.000171,)),
    ("peak", "scalar", 100000, 1, (0.000201, 0.000205, 0.000207, 0.000212,)),
    ("triad", "", 8192, 1, (1.61e-07, 1.64e-07, 1.66e-07, 1.69e-07,)),
    ("triad", "", 16384, 1, (4.19e-07, 4.28e-07, 4.32e-07, 4.4e-07,)),
    ("triad", "", 32768, 1, (8.34e-07, 8.51e-07, 8.59e-07, 8.76e-07,)),
    ("triad", "", 65536, 1, (1.67e-06, 1.7e-06, 1.71e-06, 1.75e-06,)),
    ("triad", "", 131072, 1, (3.33e-06, 3.4e-06, 3.43e-06, 3.5e-06,)),
    ("triad", "", 262144, 1, (7.53e-06, 7.68e-06, 7.76e-06, 7.91e-06,)),
    ("triad", "", 524288, 1, (1.77e-05, 1.81e-05, 1.83e-05, 1.86e-05,)),
    ("triad", "", 1048576, 1, (3.61e-05, 3.68e-05, 3.71e-05, 3.79e-05,)),
    ("triad", "", 2097152, 1, (7.25e-05, 7.4e-05, 7.47e-05, 7.62e-05,)),
    ("triad", "", 4194304, 1, (0.000156, 0.000159, 0.000161, 0.000164,)),
    ("triad", "", 8388608, 1, (0.000651, 0.000664, 0.000671, 0.000684,)),
    ("triad", "", 16777216, 1, (0.00168, 0.00171, 0.00173, 0.00176,)),
    ("triad", "", 33554432, 1, (0.00401, 0.00409, 0.00413, 0.00421,)),
    ("triad", "", 67108864, 1, (0.00816, 0.00833, 0.00841, 0.00857,)),
    ("chain", "passes", 1, 1, (0.00538, 0.00549, 0.00554, 0.00565,)),
    ("chain", "fused", 1, 1, (0.00529, 0.0054, 0.00545, 0.00556,)),
    ("chain", "passes", 2, 1, (0.0111, 0.0113, 0.0114, 0.0117,)),
    ("chain", "fused", 2, 1, (0.00528, 0.00539, 0.00544, 0.00555,)),
    ("chain", "passes", 4, 1, (0.0225, 0.023, 0.0232, 0.0236,)),
    ("chain", "fused", 4, 1, (0.00547, 0.00558, 0.00563, 0.00574,)),
    ("chain", "passes", 8, 1, (0.0593, 0.0605, 0.0611, 0.0623,)),
    ("chain", "fused", 8, 1, (0.00607, 0.00619, 0.00625, 0.00638,)),
    ("chain", "passes", 16, 1, (0.123, 0.126, 0.127, 0.13,)),
    ("chain", "fused", 16, 1, (0.0139, 0.0142, 0.0143, 0.0146,)),
    ("chain", "passes", 32, 1, (0.225, 0.23, 0.232, 0.236,)),
    ("chain", "fused", 32, 1, (0.0192, 0.0195, 0.0197, 0.0201,)),
    ("epilogue", "passes", 67108864, 1, (0.0258, 0.0263, 0.0266, 0.0271,)),
    ("epilogue", "fused", 67108864, 1, (0.00672, 0.00685, 0.00692, 0.00705,)),
    ("gemm", "naive", 128, 1, (0.00129, 0.00131, 0.00132, 0.00135,)),
    ("gemm", "simd", 128, 1, (0.000158, 0.000161, 0.000163, 0.000166,)),
    ("gemm", "tile", 128, 1, (7.74e-05, 7.89e-05, 7.97e-05, 8.12e-05,)),
    ("gemm", "blocked", 128, 1, (8.88e-05, 9.06e-05, 9.15e-05, 9.33e-05,)),
    ("gemm", "naive", 256, 1, (0.0171, 0.0174, 0.0176, 0.0179,)),
    ("gemm", "simd", 256, 1, (0.00131, 0.00133, 0.00135, 0.00137,)),
    ("gemm", "tile", 256, 1, (0.000624, 0.000636, 0.000642, 0.000655,)),
    ("gemm", "blocked", 256, 1, (0.000649, 0.000662, 0.000669, 0.000682,)),
    ("gemm", "naive", 512, 1, (0.335, 0.342, 0.345, 0.352,)),
    ("gemm", "simd", 512, 1, (0.0112, 0.0114, 0.0115, 0.0117,)),
    ("gemm", "tile", 512, 1, (0.00586, 0.00597, 0.00603, 0.00615,)),
    ("gemm", "blocked", 512, 1, (0.00544, 0.00555, 0.0056, 0.00571,)),
    ("gemm", "simd", 1024, 1, (0.127, 0.129, 0.13, 0.133,)),
    ("gemm", "tile", 1024, 1, (0.116, 0.118, 0.119, 0.122,)),
    ("gemm", "blocked", 1024, 1, (0.064, 0.0653, 0.0659, 0.0672,)),
    ("batch", "", 1, 1, (0.00363, 0.0037, 0.00373, 0.00381,)),
    ("batch", "", 2, 1, (0.00475, 0.00484, 0.00489, 0.00499,)),
    ("batch", "", 4, 1, (0.00582, 0.00594, 0.006, 0.00611,)),
    ("batch", "", 8, 1, (0.00836, 0.00853, 0.00862, 0.00878,)),
    ("batch", "", 16, 1, (0.0134, 0.0137, 0.0138, 0.0141,)),
    ("batch", "", 32, 1, (0.0233, 0.0238, 0.024, 0.0245,)),
    ("peak", "simd", 100000, 2, (0.000167, 0.000168, 0.000171,)),
    ("triad", "", 16777216, 2, (0.0021, 0.00214, 0.00218,)),
)
# fmt: on


@cache
def reference() -> Study:
    """Return the reference machine's measurement with all that follows from it."""
    return study(RUN, reference_rows())


def reference_rows() -> list[dict[str, object]]:
    """Return its rows as a page sends them."""
    return [_row(*each) for each in ROWS]


def _row(kernel: str, variant: str, size: int, workers: int, samples_s: tuple[float, ...]) -> dict[str, object]:
    checksum = expected_checksum(kernel, variant, size)
    return {"kernel": kernel, "variant": variant, "size": size, "workers": workers, "samples_s": list(samples_s), "checksum": checksum}

