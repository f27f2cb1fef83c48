"""A small whole track for tests of the lab: Cloud Titan's node, with two missions of its own."""

from dataclasses import replace

from rooflab.analyses.claim import attribute
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.lab.ledger.entries import (
    DesignCommitted,
    Diagnosis,
    Observation,
    Pin,
    Prediction,
    Proposal,
    Reflection,
    Reply,
    Reveal,
    TrackOpened,
)
from rooflab.lab.ledger.ledger import Ledger, append, digest
from rooflab.lab.readings import reading
from rooflab.lab.setting import setting
from rooflab.lab.steps.commits import committed, diagnosed, pinned, proposed, replied, revealed
from rooflab.specs import (
    Choice,
    Control,
    Demand,
    Gauge,
    Hints,
    Lever,
    Mission,
    Objective,
    Question,
    Target,
    TileMemory,
    TileProblem,
    Track,
)
from rooflab.tracks.cloud_titan import CLOUD_TITAN, scenario
from rooflab.tracks.parts import fusion_question, part_three, part_two, speculation_question

SCHOOL = "school"
NOW = "2026-11-02T09:30:00Z"
STEP_LIMIT_S = 42e-3

CONTROLS = (
    Control(id="batch", label="Batch", values=(16, 32, 64, 96, 128, 192), unit="sequences"),
    Control(
        id="attention_kernel",
        label="Attention kernel",
        choices=(Choice(id="eager", text="Eager"), Choice(id="fused", text="Fused")),
    ),
    Control(
        id="precision",
        label="Weights",
        choices=(Choice(id="bf16", text="BF16"), Choice(id="w8a16", text="INT8 weights")),
    ),
    Control(
        id="dispatch",
        label="Dispatch",
        choices=(Choice(id="eager", text="Eager"), Choice(id="graph", text="Graph")),
    ),
)
GAUGES = (
    Gauge(id="rate", name="Throughput", quantity="tokens_per_s", unit="tokens/s"),
    Gauge(id="step-time", name="Time per token", quantity="step_time_s", unit="s"),
    Gauge(id="mfu", name="MFU", quantity="mfu_fraction"),
)


def mission(variant=0):
    """Serve fast within 42 ms a token: batch 192 is fastest and too slow for each user."""
    place = scenario(variant)
    limit = Target(
        id="token-time",
        name="Time per token",
        quantity="step_time_s",
        unit="s",
        at_least=False,
        limit=STEP_LIMIT_S,
        source=SERVICE_ASSUMPTION,
        phase="decode",
    )
    baseline = place.crisis.replace(batch=32, attention_kernel="eager", precision="bf16", dispatch="graph")
    return Mission(
        scenario=replace(place, targets=(limit,)),
        baseline=baseline,
        tempting=baseline.replace(batch=192, attention_kernel="fused"),
        tempting_reason="The batch that fills the node makes every user wait.",
        objective=Objective(name="Throughput", quantity="tokens_per_s", unit="tokens/s"),
    )


def tiling(scenario, design):
    """Return the product of the smallest batch: one row a sequence."""
    return TileProblem(
        name="Down projection",
        rows=design.batch,
        columns=8192,
        depth=3584,
        slots=108,
        on_chip_bytes=164e3,
        row_element_bytes=2.0,
        column_element_bytes=2.0,
        output_element_bytes=2.0,
        accumulator_bytes=4.0,
        flop_per_s=200e12,
        memory=TileMemory(name="HBM", bytes_per_s=1.7e12, source=SERVICE_ASSUMPTION),
        tile_rows=(16, 32, 64, 128),
        tile_columns=(64, 128, 256),
        splits=(1, 2, 4),
    )


def question(question_id, right="up"):
    """Return a question whose first choice is right."""
    return Question(
        id=question_id,
        text=f"What does {question_id} do?",
        choices=(Choice(id="up", text="Rise"), Choice(id="down", text="Fall")),
        answer=lambda scenario: right,
        explain=lambda scenario, choice_id: f"It rises; {choice_id} was said.",
    )


def school(factor=2.0, track_id=SCHOOL):
    """Return the track; the stakeholder of part 3 wants `factor` times the baseline's throughput."""
    hints = (Hints(step="attempt", words=("Look at the batch.", "Fuse.", "Fuse, with 96 sequences.")),)
    return Track(
        id=track_id,
        name="School",
        persona="Pupil",
        north_star="Learn.",
        symptom="A bad mark.",
        crisis="An exam.",
        scenario=scenario,
        parts=(
            replace(CLOUD_TITAN.part(1), gauges=GAUGES),
            part_two(
                briefing=("Serve.",),
                questions=(fusion_question(lambda scenario, choice_id: "The operations stay."), question("traffic")),
                controls=CONTROLS,
                gauges=GAUGES,
                mission=mission,
                tiling=tiling,
                hints=hints,
                reflection="Propose a tiling.",
            ),
            part_three(
                briefing=("Serve more.",),
                questions=(speculation_question(lambda scenario, choice_id: "Drafts cost."), question("load")),
                controls=CONTROLS,
                gauges=GAUGES,
                mission=mission,
                levers=(
                    Lever(id="precision", name="Precision", fields=("precision",)),
                    Lever(id="fusion", name="Fusion", fields=("attention_kernel", "dispatch")),
                    Lever(id="algorithm", name="Batch", fields=("batch",)),
                ),
                demand=Demand(
                    text="Twice as much, by the fused kernel.",
                    claim="the kernel",
                    claimed=("attention_kernel",),
                    mechanism=lambda found, start, chosen: f"A batch of {chosen.batch} decides.",
                    source=SERVICE_ASSUMPTION,
                    quantity="tokens_per_s",
                    unit="tokens/s",
                    factor=factor,
                ),
                hints=hints,
                reflection="Defend your strategy.",
            ),
        ),
    )


def ledger_of(*entries, variant=0):
    """Return a ledger of these entries."""
    ledger = Ledger.new(NOW, "a-session", variant)
    for entry in entries:
        ledger = append(ledger, entry)
    return ledger


def here(part=1, track=SCHOOL, at=NOW):
    """Return what every entry of a part has."""
    return {"at": at, "track": track, "part": part}


def designed(design, role, part=2, figures=None, track=SCHOOL):
    """Return a committed design with figures typed in."""
    plain = design if isinstance(design, dict) else design.to_json()
    return DesignCommitted(
        **here(part, track), design=plain, digest=digest(plain), figures=figures or {}, role=role
    )


def asked(track, part, choice="up", confidence=0.8):
    """Return a prediction of every question of a part."""
    return [
        Prediction(
            **here(part.number, track.id),
            question_id=each.id,
            choice_id=choice if choice in [one.id for one in each.choices] else each.choices[0].id,
            confidence=confidence,
        )
        for each in part.questions
    ]


def told(track, part):
    """Return a reveal of every question of a part, as the first lab wrote it."""
    return [Reveal(**here(part.number, track.id), question_id=each.id) for each in part.questions]


def seen(track, part, choice=None):
    """Return what is said of the exploration of a part that asks."""
    asked_of = part.observation
    return Observation(**here(part.number, track.id), question_id=asked_of.id, choice_id=choice or asked_of.choices[0].id, right=False)


def noted(design, part=1, track=SCHOOL, **fields):
    """Return a reading with a value typed in."""
    values = {"instrument": "mfu", "name": "MFU", "value": 0.1, "unit": ""} | fields
    plain = design if isinstance(design, dict) else design.to_json()
    return Pin(**here(part, track), design=plain, **values)


STANCES_TAKEN = {1: "memory", 2: "", 3: "machine"}


def reflected(part=1, track=SCHOOL, evidence=(), **fields):
    """Return a reflection whose texts say something, each something else."""
    values = {
        "task": "defence",
        "choice_id": STANCES_TAKEN[part],
        "claim": f"In part {part} memory traffic binds the step, as the reading shows.",
        "tradeoff": "A kernel of our own has to be maintained by two people.",
        "residual_risk": "It stops holding once every context is short.",
    } | fields
    return Reflection(**here(part, track), evidence=evidence, **values)


def walk(track, *, mode="default"):
    """Return one entry a step, in order, for all three parts; figures are typed in, not computed."""
    start = mission().baseline
    better = start.replace(attention_kernel="fused")
    one, two, three = track.parts
    first = [
        TrackOpened(**here(1, track.id), mode=mode),
        *asked(track, one),
        noted(start, 1, track.id),
        *told(track, one),
        Diagnosis(**here(1, track.id), choice_id="memory", right=True),
        noted(better, 1, track.id),
        reflected(1, track.id),
    ]
    second = [
        *asked(track, two),
        noted(start, 2, track.id),
        *told(track, two),
        designed(better, "attempt", 2, track=track.id),
        designed(better, "final", 2, track=track.id),
        Proposal(
            **here(2, track.id), design=better.to_json(), tile_rows=32, tile_columns=64, split=1, score_fraction=0.5
        ),
        noted(better, 2, track.id),
        reflected(2, track.id),
    ]
    third = [
        *asked(track, three),
        noted(start, 3, track.id),
        *told(track, three),
        designed(better, "attempt", 3, track=track.id),
        designed(better, "final", 3, track=track.id),
        Reply(**here(3, track.id), decision="accept", design=better.to_json(), figures={}, right=True),
        noted(better, 3, track.id),
        reflected(3, track.id),
    ]
    return first, second, third


BEST = {"batch": 96, "attention_kernel": "fused", "precision": "w8a16"}
TEMPTING = {"batch": 192, "attention_kernel": "fused"}


def clock(start_s=1800, step_s=60):
    """Yield times a minute apart, the first one minute after a ledger of these tests begins."""
    second = start_s
    while True:
        second += step_s
        yield f"2026-11-02T{9 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"


def studied(track, *, attempts=(TEMPTING, BEST), choice="up", confidence=0.8, variant=0, reply="accept", attributed="", parts=3):
    """Return the ledger of a learner whose every number is the model's; the last attempt is the final design."""
    now = clock()
    ledger = Ledger.new(NOW, "a-session", variant)
    for part in track.parts[:parts]:
        for entry in _part(track, part, variant, now, attempts, choice, confidence, (reply, attributed)):
            ledger = append(ledger, entry)
        seq = max(entry.seq for entry in ledger.of(track.id, part.number) if isinstance(entry, Pin))
        ledger = append(ledger, replace(reflected(part.number, track.id, (seq,)), at=next(now)))
    return ledger


def _part(track, part, variant, now, attempts, choice, confidence, reply):
    place = setting(track.id, part.number, variant)
    at = next(now)
    yield from (replace(entry, at=at) for entry in asked(track, part, choice, confidence))
    read = reading(place.scenario, part, place.start, "roofline", "attention")
    yield pinned(place, place.start, read, at=next(now))
    yield from revealed(place, at=next(now))
    if part.diagnosis is not None:
        yield committed(place, place.start, at=next(now), role="explored")
        yield diagnosed(place, "memory", at=next(now))
        return
    designs = [place.start.replace(**changes) for changes in attempts]
    for design in designs:
        yield committed(place, design, at=next(now), role="attempt")
    yield committed(place, designs[-1], at=next(now), role="final")
    if part.tiling is not None:
        yield proposed(place, designs[-1], tile_rows=32, tile_columns=64, split=1, at=next(now))
    if part.demand is not None:
        decision, attributed = reply
        leading = attribute(place.mission, part.controls, part.demand, designs[-1]).leading[0]
        yield replied(place, designs[-1], decision, attributed_id=attributed or leading, at=next(now))
    yield pinned(place, designs[-1], reading(place.scenario, part, designs[-1], "mfu"), at=next(now))
    if part.levers and designs[-1] != place.start:
        yield pinned(place, designs[-1], reading(place.scenario, part, designs[-1], "gains-algorithm"), at=next(now))
