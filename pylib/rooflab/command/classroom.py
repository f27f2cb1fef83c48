"""`rooflab classroom`: what a class did, from its ledgers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rooflab.command.options import add_json
from rooflab.command.reading import read_class
from rooflab.lab.classroom.classroom import REGRET_BORDERS, Classroom, MissionTally, classroom, doubts
from rooflab.lab.classroom.fleet import fleet_words
from rooflab.lab.classroom.tallies import ChoiceTally, asked_words
from rooflab.lab.ledger.files import passed_over_words
from rooflab.lab.ledger.made_with import AUTHORSHIP
from rooflab.lab.report.report_text import calibration_words, time_words
from rooflab.units import counted, format_fraction

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("classroom", help="count what a class did, from its ledgers")
    command.add_argument("paths", nargs="+", help="ledgers, zips or folders of them, or patterns such as \"class/*.json\"")
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[Any, str, int]:
    intake = read_class(options.paths)
    found = classroom(intake.ledgers(), refused=intake.refused, passed_over=intake.passed_over)
    figures = asdict(found)
    for each, learner in zip(figures["learners"], found.learners, strict=True):
        each["points"] = {one.track_id: [one.points, one.most_points] for one in learner.rubrics}
    return figures, "\n".join(_lines(found)), 0 if found.learners else 2


def _lines(found: Classroom) -> Iterator[str]:
    yield f"{counted(len(found.learners), 'ledger')}, {len(found.refused)} not counted."
    for each in found.refused:
        yield f"  not counted: {each.name}: {each.reason}"
    if found.passed_over:
        yield passed_over_words(found.passed_over)
    if not found.learners:
        return
    yield calibration_words(found.calibration)
    for asked in found.questions:
        yield ""
        yield f"{asked.track_id}, part {asked.part}: {asked.text}"
        yield f"  {asked_words(asked)}"
        yield from (f"  {each.count:5}  {each.text}{_judged(each)}" for each in asked.choices)
    yield ""
    yield from (_mission_line(each) for each in found.missions)
    for each in found.times:
        yield (
            f"{each.track_id}, part {each.part}: {time_words(each.median_s)} in the middle, "
            f"{time_words(each.least_s)} to {time_words(each.most_s)}"
        )
    for each in found.hints:
        one, two, three = each.level_counts
        yield f"{each.track_id}, part {each.part}, hints for {each.step}: {one} took one, {two} two, {three} three"
    if found.fleet.questions:
        yield fleet_words(found.fleet)
    yield ""
    for learner in found.learners:
        points = ", ".join(f"{each.track_id} {each.points:g} of {each.most_points:g}" for each in learner.rubrics)
        signed = f" ({learner.signed})" if learner.signed else ""
        taken = f"; takeaways: {learner.met_count} met, {learner.understood_count} understood"
        yield f"{learner.name}{signed}: {points}{taken}" + "".join(f", {each}" for each in doubts(learner))
    yield AUTHORSHIP


def _judged(each: ChoiceTally) -> str:
    counts = ((each.wrong_count, "incorrect"), (each.unrevealed_count, "not revealed"))
    words = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f" ({words})" if words else ""


def _mission_line(each: MissionTally) -> str:
    bins = ", ".join(
        f"{count} {'the best' if border == 0 else f'within {format_fraction(border)}'}"
        for border, count in zip(REGRET_BORDERS, each.regret_counts, strict=True)
        if count
    )
    reached = ", ".join(f"{count} at attempt {number}" for number, count in each.reached_counts)
    return (
        f"{each.track_id}, part {each.part}: {counted(each.learner_count, 'learner')}, {counted(each.final_count, 'final design')}, "
        f"{each.infeasible_count} not feasible; {bins or 'none feasible'}; the best was found by {reached or 'nobody'}"
    )
