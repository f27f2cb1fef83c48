"""`replay`, `report`, `classroom` and `answers`: what the lab's pages show of ledgers, as text and JSON."""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rooflab.command.reading import read_class, read_ledger
from rooflab.lab.answers import AnswerKey, answer_key
from rooflab.lab.classroom import REGRET_BORDERS, Classroom, MissionTally, classroom, doubts
from rooflab.lab.files import passed_over_words
from rooflab.lab.ledger import VARIANT_LIMIT, read
from rooflab.lab.made_with import AUTHORSHIP
from rooflab.lab.model_version import MODEL
from rooflab.lab.replay import AGREES, DIFFERS, NOT_CHECKED, TOLERANCE_FRACTION, Recomputed, Replay, replay, verdict_words
from rooflab.lab.report import report
from rooflab.lab.report_text import calibration_words, time_words, to_json, to_markdown
from rooflab.units import format_fraction

__all__ = ["add_ledger_commands", "variant_number"]


def variant_number(text: str) -> int:
    """Read the number of a variant, as ledgers have it."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > VARIANT_LIMIT:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is not a whole number from 0 to {VARIANT_LIMIT}")
    return int(text)


def add_ledger_commands(commands: Any) -> None:
    """Add the commands to an argument parser's."""
    command = commands.add_parser(
        "replay",
        help="compute every number of a ledger again",
        description=f"Compute every number of a ledger again. {AUTHORSHIP}",
        epilog="Ends with 0 if everything was checked and agrees, 1 if anything differs or was changed, 2 if the ledger "
        "cannot be read, 3 if nothing differs but part was not checked, because it was made with another model.",
    )
    command.add_argument("ledger", help="a ledger that the lab exported, or - for standard input")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_replay)

    command = commands.add_parser("report", help="print the report of a ledger, as Markdown")
    command.add_argument("ledger", help="a ledger that the lab exported, or - for standard input")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_report)

    command = commands.add_parser("classroom", help="count what a class did, from its ledgers")
    command.add_argument("paths", nargs="+", help="ledgers, zips or folders of them, or patterns such as \"class/*.json\"")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_classroom)

    command = commands.add_parser("answers", help="print the answer key of a track's variant")
    command.add_argument("--track", required=True, help="the id of a track")
    command.add_argument("--variant", type=variant_number, default=0, help="which crisis; 0 by default")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_answers)


def _replay(options: argparse.Namespace) -> tuple[Any, str, int]:
    ledger, edited = read(read_ledger(options.ledger))
    again = replay(ledger, edited=edited)
    figures = {
        "verdict": again.verdict,
        "words": " ".join(verdict_words(again)),
        "confirmed": again.verdict == AGREES,
        "edited": edited,
        "model": asdict(MODEL),
        "made_with": [each and asdict(each) for each in again.others],
        "unknown_entries": again.unknown_count,
        "entries": again.entry_count,
        "values": len(again.values),
        "tolerance_fraction": TOLERANCE_FRACTION,
        "differences": [_difference(each) for each in again.differences],
        "findings": [asdict(each) for each in again.findings],
        "not_checked": [_difference(each) for each in again.unchecked],
        "not_computed": [asdict(each) for each in again.uncomputed],
        "predictions": [asdict(each) | {"right": each.right} for each in again.scored],
        "brier_fraction": again.calibration.brier_fraction,
    }
    return figures, "\n".join(_replay_lines(again)), _ENDS[again.verdict]


_ENDS = {AGREES: 0, DIFFERS: 1, NOT_CHECKED: 3}


def _difference(each: Recomputed) -> dict[str, Any]:
    share = each.difference_fraction
    return {
        "seq": each.seq,
        "name": each.name,
        "recorded": _finite(each.recorded),
        "recomputed": _finite(each.recomputed),
        "difference_fraction": _finite(share),
    }


def _finite(value: Any) -> Any:
    """Return a value that JSON holds: what is not finite becomes words."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _replay_lines(again: Replay) -> Iterator[str]:
    yield f"{again.entry_count} entries, {len(again.values)} values computed again."
    for each in again.differences:
        words = f"entry {each.seq}, {each.name}: {each.recorded} in the ledger, {each.recomputed} computed"
        yield f"{words} ({format_fraction(each.difference_fraction)} apart)" if _numeric(each) else words
    for finding in again.findings:
        yield f"entry {finding.seq}: {finding.words}"
    for each in again.unchecked:
        yield f"entry {each.seq}, {each.name}: {each.recorded} in the ledger, {each.recomputed} by this model (not checked)"
    for finding in again.uncomputed:
        yield f"entry {finding.seq}: {finding.words} (not checked)"
    yield calibration_words(again.calibration)
    yield from verdict_words(again)


def _numeric(each: Recomputed) -> bool:
    return isinstance(each.recorded, float) and isinstance(each.recomputed, float)


def _report(options: argparse.Namespace) -> tuple[Any, str]:
    ledger, _ = read(read_ledger(options.ledger))
    made = report(ledger)
    return json.loads(to_json(made, ledger)), to_markdown(made).rstrip()


def _classroom(options: argparse.Namespace) -> tuple[Any, str, int]:
    intake = read_class(options.paths)
    found = classroom(intake.ledgers(), refused=intake.refused, passed_over=intake.passed_over)
    figures = asdict(found)
    for each, learner in zip(figures["learners"], found.learners, strict=True):
        each["points"] = {one.track_id: [one.points, one.most_points] for one in learner.rubrics}
    return figures, "\n".join(_class_lines(found)), 0 if found.learners else 2


def _class_lines(found: Classroom) -> Iterator[str]:
    yield f"{len(found.learners)} ledgers, {len(found.refused)} not counted."
    for each in found.refused:
        yield f"  not counted: {each.name}: {each.reason}"
    if found.passed_over:
        yield passed_over_words(found.passed_over)
    if not found.learners:
        return
    yield calibration_words(found.calibration)
    for asked in found.questions:
        right = "not revealed" if asked.right_fraction is None else f"{format_fraction(asked.right_fraction)} right"
        sure = asked.mean_confidence_fraction
        yield ""
        yield f"{asked.track_id}, part {asked.part}: {asked.text}"
        yield f"  {asked.count} answers, {right}" + (f", {format_fraction(sure)} sure on average" if sure else "")
        yield from (
            f"  {each.count:5}  {each.text}" + (f" ({each.wrong_count} wrong)" if each.wrong_count else "")
            for each in asked.choices
        )
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
    yield ""
    for learner in found.learners:
        points = ", ".join(f"{each.track_id} {each.points:g} of {each.most_points:g}" for each in learner.rubrics)
        signed = f" ({learner.signed})" if learner.signed else ""
        yield f"{learner.name}{signed}: {points}" + "".join(f", {each}" for each in doubts(learner))
    yield AUTHORSHIP


def _mission_line(each: MissionTally) -> str:
    bins = ", ".join(
        f"{count} {'the best' if border == 0 else f'within {format_fraction(border)}'}"
        for border, count in zip(REGRET_BORDERS, each.regret_counts, strict=True)
        if count
    )
    reached = ", ".join(f"{count} at attempt {number}" for number, count in each.reached_counts)
    return (
        f"{each.track_id}, part {each.part}: {each.learner_count} learners, {each.final_count} final designs, "
        f"{each.infeasible_count} not feasible; {bins or 'none feasible'}; the best was found by {reached or 'nobody'}"
    )


def _answers(options: argparse.Namespace) -> tuple[Any, str]:
    key = answer_key(options.track, options.variant)
    return asdict(key), "\n".join(_key_lines(key))


def _key_lines(key: AnswerKey) -> Iterator[str]:
    yield f"{key.name}, variant {key.variant}: answer key"
    for part in key.parts:
        yield ""
        yield f"Part {part.number}: {part.title}"
        for each in part.answers:
            yield f"  {each.question}"
            yield f"    {each.choice}. {each.explanation}"
        yield from (f"  {line.name}: {line.words}" for line in part.mission)
