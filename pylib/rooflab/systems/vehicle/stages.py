"""The stages of one batch of images through the loop: work, times and noise of each.

Stages run one after another; those of the GPU are launched by the host, which may fall behind. A
first look at fewer pixels may spare the full detector, so a batch takes one of two courses.
"""

from dataclasses import dataclass

import numpy as np

from rooflab.model.launch import idle_share_s
from rooflab.model.roofline import BOUNDS, COMPUTE, LATENCY, MEMORY
from rooflab.systems.vehicle.columns import Columns, by_word
from rooflab.systems.vehicle.design import LOOP_FORMATS, LOOP_STAGES
from rooflab.systems.vehicle.detector import FULL, LOOKS, USUAL_SIDE, DetectorCost, detector_cost
from rooflab.systems.vehicle.scenario import VehicleScenario
from rooflab.values import Values

__all__ = ["DETECTOR", "GPU_STAGES", "STAGE_IDS", "STAGE_NAMES", "Course", "Stages", "stages_of"]

STAGE_IDS = tuple(id_ for id_, _ in LOOP_STAGES)
STAGE_NAMES = tuple(name for _, name in LOOP_STAGES)
COPY, PREPARE, STEM, BACKBONE, NECK, HEAD, DECODE, NMS, PLAN = range(len(LOOP_STAGES))
GPU_STAGES = slice(PREPARE, NMS)
"""What always runs on the GPU; suppression may."""

DETECTOR = slice(STEM, DECODE)
_ANCHORS = 8400  # places that propose a box, at the usual input
_BOX_NUMBERS, _SCORES, _BOX_OUT = 64, 80, 84
_DECODE_KERNELS = 3
_DECODE_FLOP = 4.0 * _BOX_NUMBERS + _SCORES  # softmax over the bins of each side, and a sigmoid
_PIXEL_CHANNELS = 3
_RESIZE_FLOP = 8.0  # bilinear, and a scale and a shift, for each element
_PAIR_FLOP = 16.0  # intersection over union of two boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One path of a batch through the loop, stages x designs: running, and waiting to be started."""

    running_s: np.ndarray
    waiting_s: np.ndarray

    @property
    def time_s(self) -> np.ndarray:
        """Time of each stage."""
        return self.running_s + self.waiting_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Work is the mean over both courses, times are medians; the first axis is the stage.

    `full` is the course with the full detector, `short` that of a batch whose first look suffices, as
    do `short_fraction` of them. `again_s` is what the detector takes once more, where two experts look.
    """

    flop: np.ndarray
    weight_bytes: np.ndarray
    activation_bytes: np.ndarray
    launches: np.ndarray
    compute_s: np.ndarray
    memory_s: np.ndarray
    kernel_s: np.ndarray
    full: Course
    short: Course
    short_fraction: np.ndarray
    again_s: np.ndarray
    noise_factor: np.ndarray
    bound_times_s: np.ndarray
    needed_flop: np.ndarray
    needed_bytes: np.ndarray
    peak_flop_per_s: np.ndarray
    stored_weight_bytes: np.ndarray
    stored_activation_bytes: np.ndarray


def stages_of(scenario: VehicleScenario, columns: Columns) -> Stages:
    """Return the stages for every design of `columns`."""
    rig = scenario.rig
    way = by_word(columns, "cascade", LOOKS)
    full = detector_cost(scenario, columns | {"look": np.full(len(way), FULL)})
    look, alpha = None, np.zeros(len(way))
    if way.any():
        look = detector_cost(scenario, columns | {"look": way})
        alpha = np.array([0.0, rig.exit_acceptance_fraction, rig.verify_acceptance_fraction])[way]
    rows = _Rows(scenario, columns)
    rows.add_detector(full, look, way > 0, alpha)
    return rows.stages(alpha)


class _Rows:
    """Stages by designs, filled stage by stage; the detector's own rows come for both courses."""

    def __init__(self, scenario: VehicleScenario, columns: Columns) -> None:
        self.scenario, self.columns = scenario, columns
        self.count = len(columns["batch"])
        for name in ("flop", "weight_bytes", "activation_bytes", "compute_s", "memory_s"):
            setattr(self, name, self._zeros())
        self.kernel_s, self.launches = self._zeros(), self._zeros()  # with the full detector
        self.short_kernel_s, self.short_launches = self._zeros(), self._zeros()
        self.host_s = self._zeros()  # work of the cores, no kernel
        self.memory_bound_s = np.zeros(self.count)
        machine = scenario.calibration
        held, alone = machine.locked_clock_fraction, machine.reserved_cpu_factor
        clock = by_word(columns, "mode", _by_mode(1.0, held, 1.0, held))
        self.cpu_factor = by_word(columns, "mode", _by_mode(1.0, 1.0, alone, alone))
        self.bandwidth = machine.hbm_fraction * scenario.device.fact("hbm_bytes_per_s")
        self.vector_rate = machine.vector_fraction * scenario.device.fact("vector_flop_per_s") * clock
        self.element = by_word(columns, "precision", {name: each.element_bytes for name, each in LOOP_FORMATS.items()})
        self.pixels = np.square(columns["resolution"] / USUAL_SIDE)
        self._add_input()
        self._add_boxes()

    def _zeros(self) -> np.ndarray:
        return np.zeros((len(LOOP_STAGES), self.count))

    def _add_input(self) -> None:
        machine, batch = self.scenario.calibration, self.columns["batch"]
        images = batch * self.scenario.rig.image_bytes
        s_per_byte = {
            "pageable": 1 / machine.pageable_bytes_per_s,
            "pinned": 1 / machine.pinned_bytes_per_s,
            "mapped": 0.0,
        }
        mapped = by_word(self.columns, "input_path", {"pageable": 0.0, "pinned": 0.0, "mapped": 1.0})
        copy_s = images * by_word(self.columns, "input_path", s_per_byte)
        self.memory_s[COPY] = self.kernel_s[COPY] = self.short_kernel_s[COPY] = copy_s
        self.memory_bound_s += copy_s
        self.activation_bytes[COPY] = 2 * images * (1 - mapped)
        made = batch * _PIXEL_CHANNELS * self.columns["resolution"] ** 2.0
        # The GPU reads the camera's own memory uncached, at a share of the bandwidth.
        slowed = images * (1 + mapped * (1 / machine.mapped_fraction - 1))
        self._put(
            PREPARE,
            flop=_RESIZE_FLOP * made,
            moved_bytes=images + made * self.element,
            launches=1.0,
            memory_s=(slowed + made * self.element) / self.bandwidth,
        )

    def _add_boxes(self) -> None:
        machine, batch, boxes = self.scenario.calibration, self.columns["batch"], self.scenario.rig.boxes
        anchors = batch * _ANCHORS * self.pixels
        self._put(
            DECODE,
            flop=anchors * _DECODE_FLOP,
            moved_bytes=anchors * (_BOX_NUMBERS + _SCORES + _BOX_OUT) * self.element,
            launches=float(_DECODE_KERNELS),
        )
        on_gpu = by_word(self.columns, "nms", {"cpu": 0.0, "gpu": 1.0})
        self._put(
            NMS,
            flop=on_gpu * batch * machine.suppressed_boxes**2 / 2 * _PAIR_FLOP,
            moved_bytes=on_gpu * anchors * _BOX_OUT * self.element,
            launches=on_gpu * machine.suppression_kernels,
        )
        self.host_s[NMS] = (1 - on_gpu) * batch * boxes**2 / 2 * machine.box_pair_s * self.cpu_factor
        self.host_s[PLAN] = machine.plan_s * self.cpu_factor

    def _put(
        self, row: int, *, flop: np.ndarray, moved_bytes: np.ndarray, launches: Values, memory_s: np.ndarray | None = None
    ) -> None:
        """Fill a stage whose kernels are alike."""
        compute_s = flop / self.vector_rate
        memory_s = moved_bytes / self.bandwidth if memory_s is None else memory_s
        kernel_s = np.maximum(compute_s, memory_s)
        self.flop[row], self.activation_bytes[row] = flop, moved_bytes
        self.compute_s[row], self.memory_s[row] = compute_s, memory_s
        self.kernel_s[row] = self.short_kernel_s[row] = kernel_s
        self.launches[row] = self.short_launches[row] = launches
        waits = memory_s >= compute_s
        self.memory_bound_s += np.where(waits, kernel_s, 0.0)

    def add_detector(
        self, full: DetectorCost, look: DetectorCost | None, looks: np.ndarray, alpha: np.ndarray
    ) -> None:
        """Add the detector: the first look always where there is one, the full one else."""
        self.again_kernel_s, self.again_launches = full.kernel_s, full.launches
        self.needed_flop, self.needed_bytes = (1 - alpha) * full.needed_flop, (1 - alpha) * full.needed_bytes
        self.stored_weight_bytes = full.stored_weight_bytes
        self.stored_activation_bytes = full.stored_activation_bytes
        self.kernel_s[DETECTOR], self.launches[DETECTOR] = full.kernel_s, full.launches
        for cost, share in ((full, 1 - alpha), (look, looks * 1.0)):
            if cost is None:
                continue
            self.flop[DETECTOR] += share * (cost.matrix_flop + cost.vector_flop)
            self.weight_bytes[DETECTOR] += share * cost.weight_bytes
            self.activation_bytes[DETECTOR] += share * cost.activation_bytes
            self.compute_s[DETECTOR] += share * cost.compute_s
            self.memory_s[DETECTOR] += share * cost.memory_s
            self.memory_bound_s += share * cost.memory_bound_s
        if look is not None:
            self.needed_flop = self.needed_flop + looks * look.needed_flop
            self.needed_bytes = self.needed_bytes + looks * look.needed_bytes
            self.kernel_s[DETECTOR] += looks * look.kernel_s
            self.launches[DETECTOR] += looks * look.launches
            self.short_kernel_s[DETECTOR] = looks * look.kernel_s
            self.short_launches[DETECTOR] = looks * look.launches

    def stages(self, alpha: np.ndarray) -> Stages:
        """Return the stages, with what waits for the host."""
        machine = self.scenario.calibration
        observed = 1 + by_word(self.columns, "profiler", {"off": 0.0, "on": machine.observer_fraction})
        full = self._course(self.kernel_s, self.launches, observed)
        short = self._course(self.short_kernel_s, self.short_launches, observed)
        launches = self.launches + alpha * (self.short_launches - self.launches)
        kernel_s = self.kernel_s + alpha * (self.short_kernel_s - self.kernel_s)
        kernels_s = kernel_s.sum(axis=0)
        mean_s = ((1 - alpha) * full.time_s + alpha * short.time_s).sum(axis=0)
        bound_times_s = np.zeros((len(BOUNDS), self.count))
        bound_times_s[MEMORY] = self.memory_bound_s * observed
        bound_times_s[COMPUTE] = (kernels_s - self.memory_bound_s) * observed
        bound_times_s[LATENCY] = mean_s - kernels_s * observed
        gap_s, _ = self._dispatch()
        again = np.zeros_like(full.running_s)
        again[DETECTOR] = self.again_kernel_s + self.again_launches * (machine.kernel_start_s + gap_s)
        peak = by_word(
            self.columns,
            "precision",
            {name: self.scenario.device.peak(each) for name, each in LOOP_FORMATS.items()},
        )
        return Stages(
            flop=self.flop,
            weight_bytes=self.weight_bytes,
            activation_bytes=self.activation_bytes,
            launches=launches,
            compute_s=self.compute_s * observed,
            memory_s=self.memory_s * observed,
            kernel_s=kernel_s * observed,
            full=full,
            short=short,
            short_fraction=alpha,
            again_s=again * observed,
            noise_factor=self._noise_factor(),
            bound_times_s=bound_times_s,
            needed_flop=self.needed_flop,
            needed_bytes=self.needed_bytes,
            peak_flop_per_s=peak,
            stored_weight_bytes=self.stored_weight_bytes,
            stored_activation_bytes=self.stored_activation_bytes,
        )

    def _dispatch(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the gap between kernels, and the host's time for each launch."""
        machine = self.scenario.calibration
        eager = by_word(self.columns, "dispatch", {"eager": 1.0, "graph": 0.0})
        gap_s = machine.graph_gap_s + eager * (machine.stream_gap_s - machine.graph_gap_s)
        return gap_s, eager * machine.host_launch_s

    def _course(self, kernel_s: np.ndarray, launches: np.ndarray, observed: np.ndarray) -> Course:
        machine = self.scenario.calibration
        gap_s, each_s = self._dispatch()
        starts_s = launches * (machine.kernel_start_s + gap_s)
        queued_s = launches * each_s
        busy_s = np.where(launches > 0, kernel_s + starts_s, 0.0)
        idle_s = np.maximum(queued_s.sum(axis=0) - busy_s.sum(axis=0), 0.0)
        waiting_s = starts_s + idle_share_s(idle_s=idle_s, host_s=queued_s, device_s=busy_s)
        waiting_s[PREPARE] += np.where(each_s > 0, 0.0, machine.graph_launch_s)
        return Course(running_s=(kernel_s + self.host_s) * observed, waiting_s=waiting_s * observed)

    def _noise_factor(self) -> np.ndarray:
        machine = self.scenario.calibration
        free, held = machine.gpu_noise_factor, machine.locked_noise_factor
        gpu = by_word(self.columns, "mode", _by_mode(free, held, free, held))
        free, held = machine.cpu_noise_factor, machine.reserved_noise_factor
        cpu = by_word(self.columns, "mode", _by_mode(free, free, held, held))
        noise = np.tile(gpu, (len(LOOP_STAGES), 1))
        paged = by_word(self.columns, "input_path", {"pageable": 1.0, "pinned": 0.0, "mapped": 0.0})
        noise[COPY] = np.where(paged > 0, machine.copy_noise_factor, gpu)
        on_gpu = by_word(self.columns, "nms", {"cpu": 0.0, "gpu": 1.0})
        noise[NMS] = np.where(on_gpu > 0, gpu, np.hypot(cpu, machine.boxes_noise_factor))
        noise[PLAN] = cpu
        return noise


def _by_mode(default: float, locked: float, reserved: float, both: float) -> dict[str, float]:
    return {"default": default, "locked": locked, "reserved": reserved, "both": both}

