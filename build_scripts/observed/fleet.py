"""How long a class of 300 measured machines takes; the same program under CPython and in the lab's worker."""

import json
from time import perf_counter

from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.fleet import fleet
from rooflab.lab.ledger.ledger import Ledger, append, dump, read
from rooflab.lab.ledger.machine_entries import MachinePrediction
from rooflab.lab.machine.derive import measured_entry
from rooflab.machine.questions import QUESTIONS
from rooflab.machine.reference import RUN, reference_rows
from rooflab.views.screens.classroom import classroom_markup
from rooflab.views.screens.fleet import fleet_markup

MACHINES = 300
AT = "2026-11-30T10:00:00Z"


def texts():
    """Return as many ledgers as machines: one learner's, under other names and with other roofs."""
    ledger = Ledger.new(AT, "session")
    for each in QUESTIONS:
        ledger = append(ledger, MachinePrediction(at=AT, question_id=each.id, choice_id=each.choices[0].id, confidence=0.8))
    text = dump(append(ledger, measured_entry(RUN, reference_rows(), at=AT)))
    peak = text.partition('"peak":')[2].partition(",")[0]
    return [
        (f"{at}.json", text.replace('"session":"session"', f'"session":"session-{at}"').replace(f'"peak":{peak}', f'"peak":{float(peak) * (1 + at / 50)}'))
        for at in range(MACHINES)
    ]


def timed(act):
    """Return what came of an act, and in how many seconds."""
    began = perf_counter()
    found = act()
    return found, perf_counter() - began


def measured():
    """Return seconds: the fleet alone, from ledgers that are read to its figures, and the whole class from its files."""
    files = texts()
    ledgers = [(name, read(text)[0]) for name, text in files]
    _, fleet_s = timed(lambda: fleet_markup(fleet(ledgers)))
    found, class_s = timed(lambda: classroom(files))
    _, drawn_s = timed(lambda: classroom_markup(found))
    return {"machines": len(found.fleet.machines), "fleet_s": fleet_s, "class_s": class_s + drawn_s}


json.dumps(measured())
