"""Ledgers of learners who measured the reference machine, or one that is so many times as fast."""

from tests.unit.machine.measurements import RUN, rows, slower

from rooflab.lab.ledger.ledger import Ledger, append
from rooflab.lab.ledger.machine_entries import MachineExplained, MachinePrediction, MachineReflection
from rooflab.lab.machine.derive import jitter_entry, measured_entry, pin_entry, thermal_entry
from rooflab.machine.questions import QUESTIONS

__all__ = ["AT", "JITTER", "MINUTE", "measured", "predicted", "undecided", "whole"]

AT = "2026-11-30T10:00:00Z"
JITTER = {"kernel": "triad", "variant": "", "size": 8192, "workers": 1, "repeats": 4, "samples_s": [1e-3 + at * 1e-7 for at in range(2000)], "observed_s": [1.2e-3] * 2000}
MINUTE = [[at + 1.0, 20e9 * (1 - 0.3 * min(at / 30, 1))] for at in range(60)]


def predicted(session="a-session", choices=None):
    """Return a ledger in which every question is answered, by the first choice unless another is named."""
    ledger = Ledger.new(AT, session)
    for each in QUESTIONS:
        choice = (choices or {}).get(each.id, each.choices[0].id)
        ledger = append(ledger, MachinePrediction(at=AT, question_id=each.id, choice_id=choice, confidence=0.8))
    return ledger


def measured(session="a-session", factor=1.0, choices=None):
    """Return a ledger with a measurement after the predictions; arithmetic takes `factor` times as long as the reference's."""
    changed = rows(*((kernel, variant, None, slower(factor)) for kernel, variant in (("peak", "simd"), ("peak", "scalar"))))
    return append(predicted(session, choices), measured_entry(RUN, changed, at=AT))


def undecided(question_id):
    """Return a ledger whose machine does not decide a question: the samples of its kernel are too far apart."""
    behind = {"epilogue-gain": ("epilogue", "passes", None), "free-batch": ("batch", "", 4)}[question_id]
    return append(predicted(), measured_entry(RUN, rows((*behind, lambda _: {"samples_s": [0.1, 0.2, 0.3]})), at=AT))


def whole():
    """Return a ledger in which every step is done, and what is on request too."""
    ledger = measured()
    last = ledger.entries[-1]
    for make in (
        lambda: MachineExplained(at=AT, choice_id="waiting", words="The loads of the plain loops wait for one another."),
        lambda: pin_entry(last, "bend", at=AT),
        lambda: pin_entry(last, "ridge", at=AT),
        lambda: MachineReflection(at=AT, claim="Fuse the epilogue.", tradeoff="One kernel more to maintain.", evidence=(ledger.entries[-1].seq,)),
        lambda: jitter_entry(RUN, JITTER, at=AT),
        lambda: thermal_entry(RUN, MINUTE, at=AT),
    ):
        ledger = append(ledger, make())
    return ledger
