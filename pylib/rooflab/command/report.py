"""`rooflab report`: the report of a ledger."""

from __future__ import annotations

import argparse
import json
from typing import Any

from rooflab.command.options import add_json
from rooflab.command.reading import read_ledger
from rooflab.lab.ledger.ledger import read
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_json, to_markdown

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("report", help="print the report of a ledger, as Markdown")
    command.add_argument("ledger", help="a ledger that the lab exported, or - for standard input")
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[Any, str]:
    ledger, _ = read(read_ledger(options.ledger))
    made = report(ledger)
    return json.loads(to_json(made, ledger)), to_markdown(made).rstrip()
