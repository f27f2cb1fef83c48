"""Which text may be seen from which moment on, which question is asked when, and what would state its answer: data."""

import re
from pathlib import Path

from landing import landing

from rooflab.evaluate import evaluate, formulas
from rooflab.lab.report.glossary import GLOSSARY
from rooflab.lab.report.takeaways import TAKEAWAYS
from rooflab.lab.setting import setting
from rooflab.lab.situation import differences, reference_rows

SITE = Path(__file__).parents[3] / "site"

MOMENTS = tuple(
    f"{moment} {number}" for number in (1, 2, 3) for moment in ("lock", "bench", "reveal", "diagnosis", "done")
)
"""In the order of a track. What is open from "lock 1" on stands beside the first question, or one click away from it."""

ASKED = {"slope": "lock 1", "diagnosis": "reveal 1", "linear-relu": "lock 2", "draft": "lock 3"}
"""A question is open at this moment; what may be seen by then must not answer it."""


def _page(track, number, variant):
    """The static page with its dialogs, and what its scripts write."""
    page = re.sub(r"<[^>]+>", " ", (SITE / "index.html").read_text() + landing())
    return [page, *re.findall(r"""["'`]([A-Z][^"'`\n]{12,})["'`]""", " ".join(each.read_text() for each in SITE.rglob("*.js")))]


def _explained(place, questions):
    return [question.explain(place.scenario, choice.id) for question in questions for choice in question.choices]


def _bench(track, number, variant):
    place = setting(track.id, number, variant)
    peek = formulas(place.scenario, place.start, evaluate(place.scenario, place.start))
    return [
        *(each.help for each in place.part.controls),
        *(choice.text for each in place.part.controls for choice in each.choices),
        *(each.help for each in place.part.gauges),
        *(words for hints in place.part.hints if hints.step == "explore" for words in hints.words),
        *(each.meaning for each in peek),
        *(words for each in place.part.experiments for words in (each.do, each.watch)),
        *(words for each in place.part.what_ifs for words in (each.label, each.help)),
        *([place.part.observation.text, *(each.text for each in place.part.observation.choices)] if place.part.observation else []),
        *(f"{each.name}: {each.before}, {each.after}" for each in (*differences(place), *_reference(place))),
    ]


def _reference(place):
    return () if place.scenario.reference_answers else reference_rows(place)


def _explored(track, number, variant):
    place = setting(track.id, number, variant)
    asked = place.part.observation
    return [
        *(words for each in place.part.experiments for words in (each.do, each.watch)),
        asked.text,
        *(choice.text for choice in asked.choices),
        *_explained(place, [asked]),
        *(each.help for each in place.part.what_ifs),
    ]


def _mission(track, number, variant):
    place = setting(track.id, number, variant)
    return [
        *(words for hints in place.part.hints if hints.step != "explore" for words in hints.words),
        place.part.reflection,
        *([place.mission.tempting_reason] if place.mission else []),
        *([place.part.demand.text, place.part.demand.mechanism(place.scenario, place.start, place.start)] if place.part.demand else []),
    ]


def _taken_away(track, number, variant):
    return [each.words for each in TAKEAWAYS if min(place.part for place in each.places if place.kind != "machine") == number]


def _asked(track, number, variant):
    part = track.part(number)
    return [words for each in part.questions for words in (each.text, *(choice.text for choice in each.choices))]


SEEN = {
    "the static page": ("lock 1", _page),
    "the glossary": ("lock 1", lambda track, number, variant: [each.words for each in GLOSSARY]),
    "role, north star, crisis": ("lock 1", lambda track, number, variant: [track.persona, track.north_star, track.symptom, track.crisis]),
    "titles of all parts": ("lock 1", lambda track, number, variant: [each.title for each in track.parts]),
    "the objective": ("lock {}", lambda track, number, variant: [track.part(number).objective]),
    "the situation": ("lock {}", lambda track, number, variant: [track.part(number).situation]),
    "the briefing": ("lock {}", lambda track, number, variant: list(setting(track.id, number, variant).briefing)),
    "the questions of the lock": ("lock {}", _asked),
    "controls, gauges, Math Peek, hints": ("bench {}", _bench),
    "experiments, and what they showed": ("bench {}", _explored),
    "the reveal": ("reveal {}", lambda track, number, variant: _explained(setting(track.id, number, variant), track.part(number).questions)),
    "the diagnosis": (
        "diagnosis {}",
        lambda track, number, variant: _explained(setting(track.id, number, variant), filter(None, [track.part(number).diagnosis])),
    ),
    "hints for the attempts, stakeholder, reflection": ("done {}", _mission),
    "what is taken away": ("done {}", _taken_away),
}
"""Each text: from which moment it may be seen, and how to get it. `{}` is the number of its part."""

SOURCE_OF = {
    "Track": {
        "id": "", "name": "", "scenario": "", "parts": "", "persona": "role, north star, crisis",
        "north_star": "role, north star, crisis", "crisis": "role, north star, crisis", "symptom": "role, north star, crisis",
    },
    "Part": {
        "number": "", "levers": "", "instruments": "", "title": "titles of all parts", "objective": "the objective", "situation": "the situation",
        "briefing": "the briefing", "questions": "the questions of the lock", "diagnosis": "the diagnosis",
        "controls": "controls, gauges, Math Peek, hints", "gauges": "controls, gauges, Math Peek, hints",
        "hints": "controls, gauges, Math Peek, hints", "mission": "hints for the attempts, stakeholder, reflection",
        "tiling": "", "demand": "hints for the attempts, stakeholder, reflection",
        "reflection": "hints for the attempts, stakeholder, reflection", "assumed": "",
        "experiments": "experiments, and what they showed", "observation": "experiments, and what they showed",
        "what_ifs": "experiments, and what they showed",
    },
}  # fmt: skip
"""Where each field of a track's records is shown; empty for what is no text of a learner's, or is seen on the bench alone."""

NOT_BESIDE_A_QUESTION = {
    "model.html": "what each function computes, for whoever checks the model; nothing on the way through a track links into it",
    "measured.html": "published measurements beside the model's figures; it explains nothing",
    "the open bench": "opened before a track is done only by a press that the ledger keeps",
}
"""What is left out of the table, and why."""

_FUSED = r"(fus(e|es|ed|ing|ion)|one kernel|a kernel that ends)"
_DRAFTS = r"(draft|verif|speculat|reject|refus)"
STATES = {
    "slope": (
        r"more (TFLOPS|FLOP/s|FLOPS)\b.*\b(do not|does not|nothing|never|raise)",
        r"peak( FLOP/s)? is not in",
        r"\bdot(s)? (on the slope )?stay",
        r"bandwidth (×|times) intensity",
        r"on the slope (change )?bytes",
        r"more bandwidth does not",
    ),
    "linear-relu": (
        _FUSED + r"\b.*\b(fewer|less|removes?|saves?|saved|takes? (away|out)|cuts?|lower)\b.*\b(bytes?|traffic|data|D_vol|Dᵥₒₗ|reads?|writes?|launches)",
        _FUSED + r"\b.*\b(not|never|no)\b.*\b(moved|operation|O\b|FLOP)",
        r"\b(bytes|traffic|data)\b.*\bthat (operator )?fusion (removes|saves|takes)",
        _FUSED + r"\b.*\b(stays?|leaves?) (on )?the chip",
        r"one write and one read",
        r"operations could only rise",
        _FUSED + r"\b.*\btakes? (bytes|traffic)",
        r"attacks? the same bytes",
    ),
    "draft": (
        r"\b(FLOPs?|operations|work|arithmetic)\b.*\b(rises?|raises?|more|increases?|grows?|up)\b.*" + _DRAFTS,
        _DRAFTS + r".*\b(raises?|increases?|costs?|more|rise)\b.*\b(FLOPs?|operations|arithmetic|verification|computing)",
        r"(reject|refus)\w+ .*for nothing",
        r"more operations for each final token",
        _DRAFTS + r".*\b(FLOPs?|operations)\b.*\brise",
        r"\b(FLOPs?|operations) (per|for each|of a) (final |kept )?token (rise|increase)",
    ),
}
"""Sentences that match one of these state the answer to the question of fixed physics."""

STATED_ONCE = {
    "slope": ("Limited by arithmetic: more FLOP/s shorten the time, more bandwidth does not.",
              "Limited by bandwidth: fewer or faster bytes shorten the time, more FLOP/s do not."),
    "linear-relu": ("Quantify the memory traffic that operator fusion removes.",
                    "Running neighbouring operators in one kernel, so that what passes between them is not moved.",
                    "Fusing takes traffic out of DRAM, starts fewer kernels and shortens the time awake.",
                    "At low intensity fusion and precision attack the same bytes, so their gains overlap"),
    "draft": ("Drafting raises operations for each kept token and cuts bytes.",
              "Every drafted token costs a verification; once the step is compute-bound, that is time."),
}  # fmt: skip
"""Sentences that did stand before their question, or stand after it: each must be noticed."""


def seen_before(question, track, variant):
    """Yield (name of the text, its words) for all that may be seen by the time that a question is asked."""
    last = MOMENTS.index(ASKED[question])
    for name, (moment, words) in SEEN.items():
        for number in (1, 2, 3):
            if MOMENTS.index(moment.format(number)) <= last:
                yield from ((f"{name} ({number})", each) for each in words(track, number, variant))


def stated(question, words):
    """Return the sentences that state the answer to a question."""
    sentences = re.split(r"(?<=[.;:?!])\s+", re.sub(r"\s+", " ", words))
    return [each for each in sentences if not re.search(r"\?\W*$", each) and any(re.search(pattern, each, re.IGNORECASE) for pattern in STATES[question])]
