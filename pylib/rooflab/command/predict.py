"""`rooflab predict`: predictions of published measurements."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from rooflab.command.reading import read_rows
from rooflab.measured.predict import predict_rows, row_doubts

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser(
        "predict",
        help="predict rows of published measurements; prints JSON",
        epilog="Ends with 0 if at least one row was predicted, 2 if none was.",
    )
    command.add_argument("rows", nargs="?", help="a JSON file of rows; those shipped by default")
    command.set_defaults(run=_run, json=True)


def _run(options: argparse.Namespace) -> tuple[dict[str, float], str, int]:
    rows = read_rows(options.rows)
    predictions, gaps = predict_rows(rows)
    for words in row_doubts(rows):
        print(f"rooflab: {words}", file=sys.stderr)
    for row_id, reason in gaps.items():
        print(f"rooflab: no prediction for {row_id}: {reason}", file=sys.stderr)
    if not rows:
        print("rooflab: there are no rows to predict.", file=sys.stderr)
    return predictions, "", 0 if predictions else 2
