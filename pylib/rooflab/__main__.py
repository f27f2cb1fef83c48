"""The model and the lab's ledgers from the command line."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from typing import IO

from rooflab.command import answers, classroom, devices, estimate, evaluate, grade, predict, replay, report, roofline, sweep
from rooflab.command.writing import write_readably
from rooflab.errors import LabError

__all__ = ["COMMANDS", "main"]

COMMANDS = (roofline, devices, estimate, evaluate, sweep, predict, grade, replay, report, classroom, answers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 where a replay differs, or 2 after one clear sentence about what was wrong."""
    write_readably()
    if sys.stdout is None:
        return _not_written("there is no standard output")
    try:
        try:
            status = _run(_parser().parse_args(arguments))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # who reads has read enough; Python must not complain of it again as it ends
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except OSError as error:
        if error.filename is not None:
            raise
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return _not_written(error.strerror or type(error).__name__)
    return status


def _not_written(reason: str) -> int:
    with contextlib.suppress(OSError):
        print(f"rooflab: the output cannot be written: {reason}.", file=sys.stderr)
    return 2


def _run(options: argparse.Namespace) -> int:
    try:
        figures, text, *status = options.run(options)
    except LabError as error:
        print(f"rooflab: {error}", file=sys.stderr)
        return 2
    print(json.dumps(figures, indent=1) if options.json else text)
    return status[0] if status else 0


class _Parser(argparse.ArgumentParser):
    """A parser whose help is not lost in silence where it cannot be written, as argparse's own is."""

    def print_help(self, file: IO[str] | None = None) -> None:
        print(self.format_help(), end="", file=file)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m rooflab", description="The performance model from the command line."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in COMMANDS:
        each.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
