"""`rooflab answers`: the answer key of a track's variant."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rooflab.command.options import add_json, variant_number
from rooflab.lab.classroom.answers import AnswerKey, answer_key

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("answers", help="print the answer key of a track's variant")
    command.add_argument("--track", required=True, help="the id of a track")
    command.add_argument("--variant", type=variant_number, default=0, help="which crisis; 0 by default")
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[Any, str]:
    key = answer_key(options.track, options.variant)
    return asdict(key), "\n".join(_lines(key))


def _lines(key: AnswerKey) -> Iterator[str]:
    yield f"{key.name}, variant {key.variant}: answer key"
    for part in key.parts:
        yield ""
        yield f"Part {part.number}: {part.title}"
        for each in part.answers:
            yield f"  {each.question}"
            yield f"    {each.choice}. {each.explanation}"
        yield from (f"  {line.name}: {line.words}" for line in part.mission)
