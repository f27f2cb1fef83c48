"""Every number that is derived of a machine, for the digest of the model: of two that are made up, so that none was measured."""

from dataclasses import asdict

from tests.unit.lab.machine_ledgers import JITTER, MINUTE

from rooflab.lab.machine.derive import answers_of
from rooflab.machine.checks import expected_checksum
from rooflab.machine.counts import cost, footprint_bytes
from rooflab.machine.device import ALL_CORES, card_device, measured_device
from rooflab.machine.jitter import jitter
from rooflab.machine.plan import plan
from rooflab.machine.reference import reference
from rooflab.machine.study import study
from rooflab.machine.thermal import heat

__all__ = ["derived"]

MACHINES = {
    "desk": {"peak": 48e9, "levels": ((4e5, 64e9), (6e6, 40e9), (1e18, 24e9)), "cores": 4},
    "phone": {"peak": 7e9, "levels": ((2e5, 30e9), (1e18, 9e9)), "cores": 1},
}
"""FLOP/s, capacities and rates of the levels of memory, and how many cores; they are no machine's."""

RUN = {"date": "2026-11-30", "clock_s": 0.0001, "simd": "relaxed", "cores": 4, "hidden": False, "engine": "none", "gpu": None}


def derived():
    """Yield names and values: counts of every planned row, and all that follows from the rows of each machine."""
    for key in dict.fromkeys(map(_key, (*plan()["rows"], *plan()["all_cores"], *plan()["webgpu"]))):
        name = " ".join(map(str, key))
        for what, value in asdict(cost(*key)).items():
            yield f"counts cost {name} {what}", float(value)
        yield f"counts cost {name} footprint", float(footprint_bytes(*key))
    for name, machine in MACHINES.items():
        found = study(RUN, list(rows(**machine)))
        for line, value in of_study(found):
            yield f"{name} {line}", value
    yield from (("series " + line, value) for line, value in on_request())
    for question_id, answer in answers_of(reference()).items():
        yield f"reference reference {question_id}", answer.choice_id


def of_study(found):
    for at, each in enumerate(found.found.levels):
        yield f"levels {at} capacity", each.capacity_bytes
        yield f"levels {at} rate", each.bytes_per_s
    for name, value in found.figures.items():
        yield f"figure {name}", value
    for each in found.compared:
        yield f"predicted {each.row.id} {each.bound}", each.predicted_s
    for name, answer in answers_of(found).items():
        yield f"answer {name}", f"{answer.choice_id} {answer.by_reference}"
    for device in {each.id: each for each in (found.device, measured_device(found.found, date=found.date, cores=ALL_CORES))}.values():
        for precision, rate in card_device(device).peak_flop_per_s.items():
            yield f"card {device.name} {precision.value}", rate
        yield f"card {device.name} memory", card_device(device).hbm_bytes_per_s


def on_request():
    for name, found in (("jitter", jitter(JITTER)), ("heat", heat(MINUTE))):
        for field, value in asdict(found).items():
            for at, each in enumerate(value if isinstance(value, tuple) else (value,)):
                yield f"{name} {field} {at}", each


def rows(peak, levels, cores):
    """Yield a row as the page sends it for each of the plan: bytes and operations one after the other, each a little slower."""
    listed = [*((each, 1) for each in plan()["rows"]), *((each, cores) for each in plan()["all_cores"] if cores > 1)]
    for at, (each, workers) in enumerate(listed):
        key = _key(each)
        counted = cost(*key)
        rate = next(rate for capacity, rate in levels if footprint_bytes(*key) <= capacity)
        share = 0.25 if each["variant"] in ("naive", "scalar") else 1.0
        time_s = (counted.flop / (share * peak) + counted.hbm_bytes / rate) * (1 + at % 7 / 100)
        yield {**each, "workers": workers, "samples_s": [time_s, 1.04 * time_s, 1.02 * time_s], "checksum": expected_checksum(*key)}


def _key(each):
    return each["kernel"], each["variant"], each["size"]
