"""The operators of one frame: the filter's, the check of a prediction, and the translator's share."""

from typing import NamedTuple

import numpy as np

from rooflab.errors import BadDesign
from rooflab.model.roofline import Timing
from rooflab.model.speculation import tokens_per_round_count
from rooflab.model.translator import phrase_costs
from rooflab.systems.glasses.filter import FILTER_IDS, FILTER_NAMES, FilterCost
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.systems.outcome import ratio
from rooflab.values import Values

__all__ = ["CHECK", "ENCODER", "ROW_IDS", "ROW_NAMES", "FrameRows", "expert_size", "filtered_share"]

CHECK, ENCODER, DECODER, VOCABULARY = range(len(FILTER_IDS), len(FILTER_IDS) + 4)
ROW_IDS = (*FILTER_IDS, "check", "encoder", "decoder", "vocabulary")
ROW_NAMES = (*FILTER_NAMES, "Frame check", "Translator encoder", "Translator decoder", "Translator vocabulary")
_PIXEL_BYTES = 3.0  # colour, one byte each
_CHECK_FLOP = 4.0  # for each byte of a pixel: difference, size, sum, threshold
_CHECK_LAUNCHES = 3.0  # prediction, difference, decision


class _RowWork(NamedTuple):
    """What the kernels of one row do for a frame."""

    matrix_flop: Values
    vector_flop: Values
    weight_bytes: Values
    activation_bytes: Values
    kv_bytes: Values
    launches: Values


class FrameRows:
    """Operators of one frame: rows by design, filled part by part."""

    def __init__(self, count: int) -> None:
        self.count = count
        for name in (
            "matrix_flop", "vector_flop", "weight_bytes", "activation_bytes", "kv_bytes",
            "launches", "compute_s", "memory_s", "launch_s", "kernel_s",
        ):  # fmt: skip
            setattr(self, name, np.zeros((len(ROW_IDS), count)))
        self.memory_bound_s = np.zeros(count)
        self.compute_bound_s = np.zeros(count)
        self.needed_flop = np.zeros(count)
        self.needed_bytes = np.zeros(count)
        self.translation_s = np.zeros(count)

    @classmethod
    def of(cls, frame: FilterCost, share: np.ndarray) -> "FrameRows":
        """Take the filter's rows, for the share of the frames that are filtered."""
        rows = cls(len(share))
        place = slice(0, len(FILTER_IDS))
        for name in (
            "matrix_flop", "vector_flop", "weight_bytes", "activation_bytes",
            "launches", "compute_s", "memory_s", "launch_s", "kernel_s",
        ):  # fmt: skip
            getattr(rows, name)[place] = getattr(frame, name) * share
        rows.memory_bound_s += frame.memory_bound_s * share
        rows.compute_bound_s += frame.compute_bound_s * share
        rows.needed_flop += frame.needed_flop * share
        rows.needed_bytes += frame.needed_bytes * share
        return rows

    def add_check(self, scenario: GlassesScenario, flat: dict[str, np.ndarray], frame: FilterCost) -> None:
        """Add the prediction of a frame and its check, where frames may be skipped at all."""
        used = (flat["skipped_frames"] > 0) * 1.0
        scene = scenario.scene
        pixels = scene.patches * scenario.filter.input_size**2 * _PIXEL_BYTES
        matrix = used * scene.check_fraction * frame.matrix_flop.sum(axis=0)
        work = _RowWork(
            matrix_flop=matrix,
            vector_flop=used * _CHECK_FLOP * pixels,
            weight_bytes=used * scene.check_fraction * frame.weight_bytes.sum(axis=0),
            activation_bytes=used * 2 * pixels,  # the frame and the one before
            kv_bytes=0.0,
            launches=used * _CHECK_LAUNCHES,
        )
        self._put(scenario, frame, CHECK, work)
        self.needed_flop += matrix + used * _CHECK_FLOP * pixels
        self.needed_bytes += self.weight_bytes[CHECK] + self.activation_bytes[CHECK]

    def add_translator(
        self, scenario: GlassesScenario, flat: dict[str, np.ndarray], frame: FilterCost
    ) -> None:
        """Add the share of the translations that falls to a frame."""
        phrases = flat["translations_per_s"] / flat["frames_per_s"]
        costs = phrase_costs(
            scenario.translator,
            scenario.scene,
            batch=flat["translations_batched"],
            drafted=flat["draft_tokens"],
            experts=flat["experts"],
            size_fraction=expert_size(scenario, flat["experts"]),
        )
        for row, cost in zip((ENCODER, DECODER, VOCABULARY), costs, strict=True):
            work = _RowWork(
                matrix_flop=phrases * cost.flop * frame.sparse_factor,
                vector_flop=0.0 * phrases,
                weight_bytes=phrases * cost.weights_count * frame.weight_element_bytes,
                activation_bytes=phrases * cost.moved_count * frame.activation_element_bytes,
                kv_bytes=phrases * cost.kv_count * frame.activation_element_bytes,
                launches=phrases * cost.launches,
            )
            self._put(scenario, frame, row, work)
            self.needed_flop += phrases * cost.needed_flop * frame.sparse_factor
            self.needed_bytes += self.weight_bytes[row] + self.kv_bytes[row]
        busy = self.kernel_s + self.launch_s
        self.translation_s = busy[ENCODER:].sum(axis=0) / phrases

    def _put(self, scenario: GlassesScenario, frame: FilterCost, row: int, work: _RowWork) -> None:
        """Fill one row, whose kernels are alike, and time it."""
        npu = scenario.calibration
        bandwidth = npu.hbm_fraction * scenario.device.fact("hbm_bytes_per_s")
        compute_s = work.matrix_flop / frame.matrix_flop_per_s + work.vector_flop / scenario.device.fact(
            "vector_flop_per_s"
        )
        memory_s = (work.weight_bytes + work.activation_bytes + work.kv_bytes) / bandwidth
        kernel_s = np.maximum(compute_s, memory_s)
        times = {
            "compute_s": compute_s,
            "memory_s": memory_s,
            "launch_s": work.launches * npu.kernel_start_s,
            "kernel_s": kernel_s,
        }
        for name, value in (work._asdict() | times).items():
            getattr(self, name)[row] = value
        waits = memory_s >= compute_s
        self.memory_bound_s = self.memory_bound_s + np.where(waits, kernel_s, 0.0)
        self.compute_bound_s = self.compute_bound_s + np.where(waits, 0.0, kernel_s)

    @property
    def flop(self) -> np.ndarray:
        """All operations of every row."""
        return self.matrix_flop + self.vector_flop

    @property
    def hbm_bytes(self) -> np.ndarray:
        """All traffic of every row."""
        return self.weight_bytes + self.activation_bytes + self.kv_bytes

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays of an Operators record."""
        flop, time_s = self.flop, self.kernel_s + self.launch_s
        timing = Timing(self.compute_s, self.memory_s, self.launch_s)
        return {
            "flop": flop,
            "weight_bytes": self.weight_bytes,
            "activation_bytes": self.activation_bytes,
            "kv_bytes": self.kv_bytes,
            "launches": self.launches,
            "compute_s": self.compute_s,
            "memory_s": self.memory_s,
            "link_s": np.zeros_like(time_s),
            "launch_s": self.launch_s,
            "time_s": time_s,
            "intensity_flop_per_byte": ratio(flop, self.hbm_bytes),
            "attained_flop_per_s": ratio(flop, time_s),
            "bound": timing.bound,
        }


def filtered_share(scenario: GlassesScenario, flat: dict[str, np.ndarray]) -> np.ndarray:
    """Return the share of the frames that the filter runs on: one of every run of predictions."""
    run = tokens_per_round_count(
        acceptance_fraction=scenario.scene.frame_acceptance_fraction, drafted=flat["skipped_frames"]
    )
    return 1 / run


def expert_size(scenario: GlassesScenario, experts: np.ndarray) -> np.ndarray:
    """Return the size of one expert against the dense layers."""
    sizes = scenario.scene.expert_size_fraction
    known, places = np.unique(experts, return_inverse=True)
    if unknown := [int(each) for each in known if int(each) not in sizes]:
        offered = ", ".join(str(each) for each in sizes)
        raise BadDesign(f"No translator has {unknown[0]} experts; there are some with {offered}.")
    return np.array([sizes[int(each)] for each in known])[places]
