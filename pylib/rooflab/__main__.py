"""The model and the lab's ledgers from the command line."""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from rooflab.command import answers, classroom, evaluate, grade, predict, replay, report, roofline, sweep
from rooflab.command.writing import write_readably
from rooflab.errors import LabError

__all__ = ["COMMANDS", "main"]

COMMANDS = (roofline, evaluate, sweep, predict, grade, replay, report, classroom, answers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 where a replay differs, or 2 after one clear sentence about what was wrong."""
    write_readably()
    try:
        try:
            status = _run(_parser().parse_args(arguments))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # who reads has read enough; Python must not complain of it again as it ends
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    return status


def _run(options: argparse.Namespace) -> int:
    try:
        figures, text, *status = options.run(options)
    except LabError as error:
        print(f"rooflab: {error}", file=sys.stderr)
        return 2
    print(json.dumps(figures, indent=1) if options.json else text)
    return status[0] if status else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rooflab", description="The performance model from the command line."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in COMMANDS:
        each.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
