"""The constants of what no track runs: single kernels, training steps, networks, drafts; serving_bases.py has those of serving.

A fitted constant rests on several rows of more than one publisher; what fewer rows could decide is counted, cited or
assumed.
"""

from dataclasses import dataclass

from rooflab.measured.basis import Basis

__all__ = ["KERNELS", "KERNEL_BASES", "KernelConstants"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelConstants:
    """Shares of a peak, times and counts; KERNEL_BASES says where each comes from."""

    gemm_fraction: float = 0.80
    narrow_gemm_fraction: float = 0.76
    ordinary_fraction: float = 0.95
    cdna_fraction: float = 0.65
    card_fraction: float = 0.60
    gemm_start_s: float = 2.6e-6
    flash_fraction: float = 0.92
    flash_backward_fraction: float = 0.65
    fill_keys_count: float = 230.0
    sustained_fraction: float = 0.80
    grouped_fraction: float = 0.60
    exchange_fraction: float = 0.80
    ampere_sparse_fraction: float = 0.83
    hopper_sparse_fraction: float = 0.64
    stream_fraction: float = 0.90
    vector_fraction: float = 0.85
    early_fraction: float = 0.80
    acceptance_concentration_count: float = 8.0
    feature_fraction: float = 0.85
    system_j_per_int8_flop: float = 0.8e-12


KERNEL_BASES: tuple[Basis, ...] = (
    Basis(
        name="gemm_fraction",
        kind="fitted",
        ends=(0.75, 0.86),
        rows=10,
        words="Share of the matrix peak in 16 bits that the best large products reach, traffic hidden behind them.",
    ),
    Basis(
        name="narrow_gemm_fraction",
        kind="assumed",
        ends=(0.70, 0.80),
        rows=2,
        words="The same in 8 bits and fewer, where power takes its part; two rows of one publisher.",
    ),
    Basis(
        name="ordinary_fraction",
        kind="fitted",
        ends=(0.88, 1.0),
        rows=7,
        words="Products of the shapes that models have, relative to the best that a search finds; waves and tiles apart.",
    ),
    Basis(
        name="cdna_fraction",
        kind="assumed",
        ends=(0.58, 0.75),
        rows=1,
        words="AMD's Instinct series, relative to the same share: its clock under load lies far below that of its peak.",
    ),
    Basis(
        name="card_fraction",
        kind="assumed",
        ends=(0.45, 0.8),
        rows=0,
        words="Cards of some 70 W, which cannot hold the clock that their peak is of, relative to the same share.",
    ),
    Basis(
        name="gemm_start_s",
        kind="cited",
        ends=(1.5e-6, 5e-6),
        rows=4,
        words="Start, ramp-up and tail of one product among others, in 16 bits.",
    ),
    Basis(
        name="flash_fraction",
        kind="fitted",
        ends=(0.86, 0.98),
        rows=4,
        words="Share of the matrix peak in the products of fused attention, its exponentials beside them: second to fourth "
        "generation alike.",
    ),
    Basis(
        name="flash_backward_fraction",
        kind="cited",
        ends=(0.58, 0.72),
        rows=0,
        words="The same on the way back: 63% of an A100 and 561 TFLOP/s of an H100 in heads of 128 (arXiv:2307.08691, "
        "arXiv:2407.08608).",
    ),
    Basis(
        name="fill_keys_count",
        kind="cited",
        ends=(150.0, 320.0),
        rows=3,
        words="Keys in whose time a block of queries fills its pipeline and writes its result: 430 TFLOP/s on 512 keys and "
        "621 on 16384 (pytorch/benchmark pull 2391, H100).",
    ),
    Basis(
        name="sustained_fraction",
        kind="assumed",
        ends=(0.7, 0.95),
        rows=1,
        words="Clock of a chip that trains for hours, relative to that of a benchmark, where its power is little for its "
        "peak: Hopper's and later.",
    ),
    Basis(
        name="grouped_fraction",
        kind="cited",
        ends=(0.45, 0.75),
        rows=0,
        words="Products of experts, relative to a dense one: 40 to 47% of an A100's peak are published beside 84 to 93%, and "
        "part of a model is dense.",
    ),
    Basis(
        name="exchange_fraction",
        kind="assumed",
        ends=(0.65, 0.95),
        rows=0,
        words="Training over many nodes, relative to one, where most of the exchange hides behind the way back.",
    ),
    Basis(
        name="ampere_sparse_fraction",
        kind="assumed",
        ends=(0.75, 0.9),
        rows=0,
        words="A 2:4 sparse product, relative to twice the dense rate; 1.6 to 1.7 of the dense speed are published "
        "(arXiv:2104.08378).",
    ),
    Basis(
        name="hopper_sparse_fraction",
        kind="assumed",
        ends=(0.58, 0.72),
        rows=1,
        words="The same on Hopper and later, which have the power for 1.2 to 1.4 of the dense speed.",
    ),
    Basis(
        name="stream_fraction",
        kind="assumed",
        ends=(0.85, 0.95),
        rows=2,
        words="Share of the memory bandwidth that a benchmark of it reaches.",
    ),
    Basis(
        name="vector_fraction",
        kind="assumed",
        ends=(0.75, 0.95),
        rows=1,
        words="Share of the FP32 peak of vector units.",
    ),
    Basis(
        name="early_fraction",
        kind="assumed",
        ends=(0.7, 0.9),
        rows=0,
        words="First releases of a kernel in serving, relative to tuned ones; one row of a language model.",
    ),
    Basis(
        name="acceptance_concentration_count",
        kind="fitted",
        ends=(4.0, 16.0),
        rows=6,
        words="How much acceptance varies between contexts: a + b of a Beta distribution; one "
        "source.",
    ),
    Basis(
        name="feature_fraction",
        kind="assumed",
        ends=(0.8, 0.9),
        rows=0,
        words="An attention kernel's rate with one of its published features left out.",
    ),
    Basis(
        name="system_j_per_int8_flop",
        kind="cited",
        ends=(0.7e-12, 1.0e-12),
        rows=0,
        words="A module's energy for an INT8 operation under full load: AGX Orin in MLPerf v3.1.",
    ),
)

KERNELS = KernelConstants()
