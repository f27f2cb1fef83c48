"""Prove that every variant of every mission can be taught with: some designs do, one is best, the first ones do not."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from paths import PYLIB

__all__ = ["prove"]

SHORT_FRACTION = 0.10
CLEAR_FRACTION = 0.05


def prove(variants: int) -> dict[str, Any]:
    """Return, for each of the twelve missions, how many variants are sound and what is wrong with the others.

    `seconds` is the time that one process alone would take.
    """
    _find_package()
    from rooflab.tracks import TRACKS

    places = [(track.id, part.number) for track in TRACKS for part in track.parts]
    jobs = [(track_id, number, variant) for variant in range(variants) for track_id, number in places]
    sound: Counter[tuple[str, int]] = Counter()
    seconds: Counter[tuple[str, int]] = Counter()
    faults: dict[tuple[str, int], list[str]] = {place: [] for place in places}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for job, (found, took_s) in zip(jobs, pool.map(_timed, *zip(*jobs, strict=True), chunksize=12), strict=True):
            place = job[:2]
            seconds[place] += took_s
            sound[place] += not found
            faults[place] += [f"variant {job[2]}: {fault}" for fault in found]
    return {
        f"{track_id}, part {number}": {
            "variants": variants,
            "sound": sound[track_id, number],
            "seconds": round(seconds[track_id, number], 1),
            "faults": faults[track_id, number],
        }
        for track_id, number in places
    }


def _find_package() -> None:
    if str(PYLIB) not in sys.path:
        sys.path.insert(0, str(PYLIB))


def _timed(track_id: str, number: int, variant: int) -> tuple[list[str], float]:
    _find_package()
    from rooflab.errors import LabError
    from rooflab.tracks import track

    began = time.perf_counter()
    part = track(track_id).part(number)
    try:
        if part.mission:
            found = _faults_of_mission(part, part.mission(variant))
        else:
            found = _faults_of_diagnosis(part, track(track_id).scenario(variant), DECIDED[track_id])
    except LabError as error:
        found = [str(error)]
    return found, time.perf_counter() - began


def _faults_of_mission(part: Any, mission: Any) -> list[str]:
    from rooflab.analyses.search import best_designs
    from rooflab.evaluate import evaluate

    found = best_designs(mission, part.controls)
    baseline, tempting = (evaluate(mission.scenario, each) for each in (mission.baseline, mission.tempting))
    regret = found.regret(float(getattr(baseline, mission.objective.quantity)), maximise=mission.objective.maximise)
    checks = {
        "the baseline does already": not baseline.feasible or regret > SHORT_FRACTION,
        "the tempting design does": not tempting.feasible and bool(tempting.reasons),
        "half of the designs do": 0 < found.feasible_count < found.designs_count / 2,
        f"{len(found.best)} designs are best": len(found.best) == 1,
    }
    return [fault for fault, holds in checks.items() if not holds]


def _faults_of_diagnosis(part: Any, scenario: Any, decided: Any) -> list[str]:
    question = part.diagnosis
    answer = question.answer(scenario)
    checks = {
        "not one choice is right": [each.id for each in question.choices].count(answer) == 1,
        "the instruments do not decide": decided(part, scenario, answer),
    }
    return [fault for fault, holds in checks.items() if not holds]


def _leads(terms: dict[str, float], answer: str) -> bool:
    """Return whether the term of that name is first, by a share of the whole that can be seen."""
    first, second = sorted(terms.values(), reverse=True)[:2]
    return terms[answer] == first and first - second > CLEAR_FRACTION * sum(terms.values())


def _cloud_titan(part: Any, scenario: Any, answer: str) -> bool:
    from rooflab.evaluate import BOUNDS, evaluate
    from rooflab.tracks.cloud_titan import repaired

    times = dict(zip(BOUNDS, evaluate(scenario, repaired(scenario)).bound_times_s.tolist(), strict=True))
    offered = {each.id for each in part.diagnosis.choices}
    return _leads({name: time_s for name, time_s in times.items() if name in offered}, answer)


def _edge_guardian(part: Any, scenario: Any, answer: str) -> bool:
    """The longest recording shows the guilty stage, or several kernels at once where the cause is common to them."""
    from rooflab.evaluate import evaluate
    from rooflab.systems.vehicle.recording import excess_by_stage, loop_trace
    from rooflab.systems.vehicle.stages import GPU_STAGES, STAGE_IDS
    from rooflab.tracks.edge_guardian.scenario import guilty

    design = scenario.crisis.replace(frames=max(next(each for each in part.controls if each.id == "frames").values))
    excess = excess_by_stage(loop_trace(scenario, design, evaluate(scenario, design)))
    spike = guilty(scenario)
    if excess is None or spike.id != answer:
        return False
    stage, waits = excess.worst
    total_s = (excess.running_s + excess.waiting_s).sum()
    if spike.spreads:
        running = excess.running_s[GPU_STAGES]
        return bool(running.sum() > 0.8 * total_s and (running > 0.1 * total_s).sum() >= 3)
    time_s = (excess.waiting_s if spike.waits else excess.running_s)[stage]
    return waits == spike.waits and STAGE_IDS[stage] == spike.stage and bool(time_s > 0.8 * total_s)


def _mobile_nomad(part: Any, scenario: Any, answer: str) -> bool:
    """Either the idle power is more than all networks', or one term of these leads."""
    from rooflab.evaluate import evaluate
    from rooflab.tracks.mobile_nomad.scenario import power_terms

    terms = power_terms(evaluate(scenario, scenario.crisis))
    idle = terms.pop("idle")
    networks = sum(terms.values())
    whole = {"idle": idle, "networks": networks}
    if answer == "idle":
        return _leads(whole, "idle")
    return _leads(whole, "networks") and _leads(terms, answer)


def _tiny_pioneer(part: Any, scenario: Any, answer: str) -> bool:
    from rooflab.evaluate import evaluate
    from rooflab.tracks.tiny_pioneer.scenario import causes

    return _leads(causes(evaluate(scenario, scenario.crisis)), answer)


DECIDED = {
    "cloud-titan": _cloud_titan,
    "edge-guardian": _edge_guardian,
    "mobile-nomad": _mobile_nomad,
    "tiny-pioneer": _tiny_pioneer,
}
