"""The plan of the measurements as plain data: which rows, in what order, for how long.

The build writes it beside the kernels, and the page measures by it: this is its one source.
"""

__all__ = ["ABOUT_S", "KERNELS", "plan"]

KIB, MIB = 2**10, 2**20

KERNELS = (
    {
        "kernel": "peak",
        "name": "Peak",
        "does": "x = x m + a, twelve independent chains of four lanes",
        "flop": "96 n in n iterations (24 n with one lane)",
        "bytes": "none",
    },
    {"kernel": "triad", "name": "Triad", "does": "a = b + s c", "flop": "2 N", "bytes": "12 N: b and c are read, a is fetched before it is written"},
    {
        "kernel": "chain",
        "name": "Chain",
        "does": "k multiply-adds on each element, in k passes or fused in one",
        "flop": "2 k N",
        "bytes": "8 k N in passes, 8 N fused: one array is read, another fetched and written",
    },
    {
        "kernel": "epilogue",
        "name": "Scale, bias, ReLU",
        "does": "x = max(0, s x + bias), in three passes or fused in one",
        "flop": "3 N",
        "bytes": "24 N in passes, 8 N fused; the bias stays in the cache",
    },
    {
        "kernel": "gemm",
        "name": "Matrix product",
        "does": "C = A B, n by n: naive, four lanes, a tile of 4 x 8 in registers, and the tile over packed panels",
        "flop": "2 n^3",
        "bytes": "12 n^2 at least",
    },
    {
        "kernel": "batch",
        "name": "Batch",
        "does": "4096 x 4096 weights times B columns",
        "flop": "2 x 4096^2 B",
        "bytes": "4 x 4096^2 of weights, and 8 x 4096 B of columns and results",
    },
)
"""What each kernel does to N elements of 4 bytes, as the screen says it; a multiply-add is 2 FLOP."""

TRIAD_BYTES = tuple(8 * KIB << doubling for doubling in range(14))
STEPS = (1, 2, 4, 8, 16, 32)
SIDES = (128, 256, 512, 1024)
ARRAY_BYTES = 64 * MIB
PEAK_ITERATIONS = 100_000
THERMAL_SIDE = 512
ABOUT_S = 20.0
"""How long the whole plan takes on an ordinary laptop."""


def plan() -> dict[str, object]:
    """Return the plan; times in seconds, sizes as the kernels take them."""
    return {
        "version": 1,
        "sample_s": 0.05,
        "rounds": 3,
        "slow_s": 0.3,  # a row whose run takes longer is measured in one round
        "unplanned_s": 3.0,  # a gap this much longer than planned is a pause
        "coarsest_s": 0.0015,
        "rows": _rows(),
        "all_cores": [_row("peak", "simd", PEAK_ITERATIONS), _row("triad", "", 16 * MIB)],
        "burst_s": 1.0,
        "lead_s": 0.3,
        "windows": 5,
        "webgpu": _gpu_rows(),
        "webgpu_software": _software_rows(),
        "webgpu_s": 20.0,  # a graphics processor that has not answered by then is left out
        "jitter": {**_row("triad", "", 8 * KIB), "runs": 2000, "ticks": 20, "most_s": 60.0},
        "thermal": {**_row("gemm", "blocked", THERMAL_SIDE), "run_flop": 2 * THERMAL_SIDE**3, "seconds": 60.0, "every_s": 0.5},
    }


def _rows() -> list[dict[str, object]]:
    return [
        *(_row("peak", variant, PEAK_ITERATIONS) for variant in ("simd", "scalar")),
        *(_row("triad", "", size) for size in TRIAD_BYTES),
        *(_row("chain", variant, k) for k in STEPS for variant in ("passes", "fused")),
        *(_row("epilogue", variant, ARRAY_BYTES) for variant in ("passes", "fused")),
        *(_row("gemm", variant, n) for n in SIDES for variant in ("naive", "simd", "tile", "blocked") if variant != "naive" or n <= 512),
        *(_row("batch", "", columns) for columns in STEPS),
    ]


def _gpu_rows() -> list[dict[str, object]]:
    return [
        _row("peak", "simd", 1000),
        _row("triad", "", ARRAY_BYTES),
        *(_row("chain", "fused", k) for k in (1, 8, 32)),
        _row("gemm", "tile", 1024),
        *(_row("batch", "", columns) for columns in (1, 8, 32)),
    ]


def _software_rows() -> list[dict[str, object]]:
    """Return rows that a software adapter does in a second: their values are checked, and no speed is concluded from."""
    return [_row("peak", "simd", 100), _row("triad", "", 64 * KIB), _row("chain", "fused", 4), _row("gemm", "tile", 128), _row("batch", "", 4)]


def _row(kernel: str, variant: str, size: int) -> dict[str, object]:
    return {"kernel": kernel, "variant": variant, "size": size}
