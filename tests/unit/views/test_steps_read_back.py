"""Steps and screens read back: verdicts, tables and buttons of records in which no two values are alike."""

from types import SimpleNamespace

import panel as pn
import pytest

from rooflab.analyses.attempts import score_attempt
from rooflab.analyses.changes import changes
from rooflab.analyses.claim import attribute
from rooflab.analyses.demand import ACCEPT, answer_demand
from rooflab.evaluate import evaluate
from rooflab.lab.classroom.answers import answer_key
from rooflab.lab.classroom.rubric import Criterion, Rubric
from rooflab.lab.ledger.entries import CONFIDENCE_LEVELS, Reply
from rooflab.lab.report.report_lines import POSITIONS
from rooflab.lab.scoring import Calibration, CalibrationPoint
from rooflab.lab.setting import setting
from rooflab.lab.steps.modes import mode
from rooflab.lab.steps import challenge
from rooflab.lab.steps.share import decode, encode
from rooflab.tracks import TRACKS
from rooflab.tracks.parts import STANCES
from rooflab.views.controls import ControlsView
from rooflab.views.markup import element
from rooflab.views.screens.replay import replay_markup
from rooflab.views.screens.rubric import key_markup, rubric_markup, track_name
from rooflab.views.steps.attempts import AttemptsView
from rooflab.views.steps.diagnosis import DiagnosedView, DiagnosisView
from rooflab.views.steps.hints import HintsView
from rooflab.views.steps.lock import LockView
from rooflab.views.steps.reflection import ReflectedView, ReflectionView
from rooflab.views.steps.scoring import ScoringView
from rooflab.views.steps.reveal import Revealed, RevealedView, RevealView
from rooflab.views.steps.stakeholder import StakeholderView
from rooflab.views.steps.tiling import TilingView
from rooflab.views.tags import PartTags
from rooflab.workbench import make_workbench
from rooflab.workbench.boards import AttemptsBoard, DemandForm, TilingForm
from rooflab.workbench.forms import DiagnosisForm, HintForm, PredictionForm, ReflectionForm, RevealForm
from tests.unit import chain_lab
from tests.unit.chain_lab import CONTROLS, DEMAND, design, mission, part
from tests.unit.rendered_bench import Rendered, bench_of, every_part, quantities, shows, tables, told


@pytest.fixture
def chain(monkeypatch):
    chain_lab.register(monkeypatch)


def written(words):
    """Return words as markup writes them: the subscript of a symbol is smaller, not apart."""
    return told(element("p", words)).one("p").text


def said(view):
    return Rendered(view=view).markup("view")


def buttons(view):
    return {each.label: each for each in Rendered(view=view).widgets("view") if isinstance(each, pn.widgets.Button)}


# Predictions


def revealed(right, confidence, number, revised=None):
    return Revealed(
        question=f"Question {number}?", predicted=f"said {number}", confidence_fraction=confidence, revised=revised,
        answer=f"answer {number}", right=right, feedback=f"Because {number}.",
    )  # fmt: skip


def calibrated(*pairs):
    """Return the calibration of predictions, each a confidence and whether it was right."""
    points = tuple(CalibrationPoint(confidence_fraction=sure, right_fraction=float(right), prediction_count=1) for sure, right in pairs)
    squares = [(sure - right) ** 2 for sure, right in pairs]
    return Calibration(points=points, prediction_count=len(pairs), right_count=sum(right for _, right in pairs), brier_fraction=sum(squares) / len(pairs))


def test_each_prediction_has_its_own_verdict_answer_and_mechanism():
    shown = said(RevealedView(revealed=[revealed(True, 0.6, 1), revealed(False, 0.9, 2, "other 2"), revealed(False, 0.7, 3)], calibration=calibrated((0.6, 1), (0.9, 0), (0.7, 0))))

    assert [each.value for each in quantities(shown.one("h3").text)][:2] == [1, 3]
    for number, (right, sure, box) in enumerate(zip((True, False, False), (0.6, 0.9, 0.7), shown.all(class_="rp-answered"), strict=True), 1):
        assert ("rp-right" in box.one(class_="rp-verdict").classes) == right
        assert ("✓" in box.one(class_="rp-verdict").text) == right
        assert f"Question {number}?" in box.text and f"said {number}" in box.text and f"Because {number}." in box.text
        assert (f"answer {number}" in box.text) == (not right)
        assert any(each.is_(sure) for each in quantities(box.text))
    assert ["other 2" in box.text for box in shown.all(class_="rp-answered")] == [False, True, False]


@pytest.mark.parametrize(("pairs", "lean"), [(((0.9, 1), (1.0, 0), (0.8, 0)), "too sure"), (((0.5, 1), (0.6, 1), (0.7, 1)), "too modest"), (((0.5, 1), (0.5, 0)), "matched")])
def test_confidence_against_what_came_true(pairs, lean):
    line = said(RevealedView(revealed=[], calibration=calibrated(*pairs))).all("p")[-1].text
    gap = sum(sure - right for sure, right in pairs) / len(pairs)
    numbers = [each.value for each in quantities(line)]

    assert lean in line
    assert numbers[:2] == [sum(right for _, right in pairs), len(pairs)]
    assert lean == "matched" or numbers[2] == pytest.approx(100 * abs(gap), abs=0.51)
    assert shows(line[line.index("Brier score") :], sum((sure - right) ** 2 for sure, right in pairs) / len(pairs))


@pytest.mark.parametrize("right", [True, False])
def test_a_diagnosis_is_told_as_what_it_is(right):
    shown = said(DiagnosedView(question="Q?", given="what was given", answer="what holds", right=right, feedback="Because."))

    assert ("not" in shown.one("h3").text) == (not right)
    assert ("rp-right" in shown.one(class_="rp-verdict").classes) == right
    assert "what was given" in shown.text and ("what holds" in shown.text) == (not right)


def test_a_confidence_is_offered_in_its_own_words():
    place = setting("cloud-titan", 1, 0)
    form = PredictionForm(place.part.questions)

    for answer, question in zip(form.answers, place.part.questions, strict=True):
        assert answer.param.choice.objects == {each.text: each.id for each in question.choices}
        assert list(answer.param.confidence.objects.values()) == list(CONFIDENCE_LEVELS)
        assert all(shows(words, level) for words, level in answer.param.confidence.objects.items())


def test_what_is_missing_is_numbered_as_it_is_asked():
    form = PredictionForm(setting("cloud-titan", 1, 0).part.questions)
    form.answers[0].choice = form.answers[0].question.choices[0].id
    form.answers[1].confidence = CONFIDENCE_LEVELS[0]

    assert form.missing() == ["how sure you are of question 1", "an answer to question 2"]


# What the page keeps until Python has answered


def presses(view):
    return {str(tag).removeprefix("rooflab:press:") for each in Rendered(view=view).widgets("view") for tag in each.tags if str(tag).startswith("rooflab:press:")}


def test_every_button_that_enters_something_is_known_to_the_page_by_its_name(chain):
    task, questions = mission(), setting("cloud-titan", 1, 0).part.questions
    bench = make_workbench(scenario=task.scenario, part=part(), mission=task, start=task.baseline)
    tiling = TilingForm(problem=bench.part.tiling(bench.scenario, bench.design()))
    made = {
        "prediction": LockView(form=PredictionForm(questions)),
        "reveal": RevealView(form=RevealForm()),
        "diagnosis": DiagnosisView(form=DiagnosisForm(question=setting("cloud-titan", 1, 0).part.diagnosis)),
        "reflection": ReflectionView(form=reflection_form(2)),
        "reply": StakeholderView(bench=bench, form=DemandForm(place=SimpleNamespace(part=bench.part, mission=task, scenario=task.scenario, start=task.baseline, key=("chain", 3, 0)))),
        "proposal": TilingView(bench=bench, form=tiling),
        "hint:explore": HintsView(form=HintForm(step="explore", taken=[], next_level=1)),
    }

    assert {name: presses(view) for name, view in made.items()} == {name: {name} for name in made}
    assert presses(ScoringView(board=board(design(), left=3))) == {"attempt", "final"}


def test_each_button_of_the_attempts_does_its_own(chain):
    shown, did = board(design(), left=3), []
    view = ScoringView(board=shown)
    for name in ("submit", "finish", "message"):
        shown.param.watch(lambda event, name=name: did.append(name), name)
    for each in Rendered(view=view).widgets("view"):
        each.value = True

    assert did == ["submit", "finish"]


def reflection_form(number, mode_id="default"):
    return ReflectionForm(part_number=number, written_fields=list(mode(mode_id).fields[number - 1]))


def test_a_compact_reflection_asks_for_a_claim_and_in_the_last_part_for_its_defence():
    assert reflection_form(1, "compact").missing() == ["the constraint you claim", "your claim in words", "a pinned reading as evidence"]
    fields = ReflectionView(form=reflection_form(3, "compact")).__panel__().select(pn.widgets.TextAreaInput)
    assert [each.label for each in fields] == ["Claim", "Rejected alternative", "What would change your mind"]


def test_a_field_of_a_reflection_is_named_in_words_and_asked_in_its_empty_place():
    view = ReflectionView(form=reflection_form(3))
    fields = [each for each in view.__panel__().select(pn.widgets.TextAreaInput)]

    assert {each.label for each in fields} >= {"Claim", "Trade-off", "Rejected alternative", "Residual risk", "What would change your mind"}
    assert all(each.placeholder and each.placeholder[-1] in "?." for each in fields)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_field_of_a_reflection_is_kept_as_a_draft_under_its_own_name(number):
    form = reflection_form(number)
    view = ReflectionView(form=form, tags=PartTags("edge-guardian", number))
    shown = {}
    for each in Rendered(view=view).widgets("view"):
        for tag in map(str, each.tags):
            if tag.startswith("rooflab:draft:"):
                shown[tag.removeprefix("rooflab:draft:")] = each
    for name in form.written_fields:
        widget = shown[f"edge-guardian:{number}:reflection:{name}"]
        widget.value = f"words of {name}"
    assert {name: getattr(form, name) for name in form.written_fields} == {name: f"words of {name}" for name in form.written_fields}


# Hints, closing words


@pytest.mark.parametrize(("step", "word"), [("explore", "explor"), ("attempt", "attempt")])
def test_hints_are_headed_by_their_step_and_count_on(step, word):
    view = HintsView(form=HintForm(step=step, taken=["First.", "Second."], next_level=3))
    (label,) = buttons(view)

    assert word in said(view).one("h3").text.lower()
    assert [each.text for each in said(view).all("li")] == ["First.", "Second."]
    assert [each.value for each in quantities(label)] == [3, 3]


@pytest.mark.parametrize(("number", "address"), [(1, "#edge-guardian/2"), (2, "#edge-guardian/3"), (3, "#report")])
def test_a_part_that_is_done_leads_to_the_next(number, address):
    shown = said(ReflectedView(track_id="edge-guardian", part_number=number, rows=[("Claim", "mine"), ("Price", "that")]))

    assert shown.one("a").attributes["href"] == address
    assert str(number) in shown.one("h3").text
    assert [(each.one("dt").text, each.one("dd").text) for each in shown.one("dl").all("div")] == [("Claim", "mine"), ("Price", "that")]


def test_a_position_is_written_with_the_term_that_it_stands_for():
    terms = {"memory": "BWₘₑₘ", "compute": "Rₚₑₐₖ", "latency": "Lₗₐₜ", "machine": "machine", "algorithm": "algorithm", "both": "Both"}

    assert {name: term in POSITIONS[name] for name, term in terms.items()} == dict.fromkeys(terms, True)
    assert len(set(POSITIONS.values())) == len(POSITIONS) == len(terms)
    for stances in STANCES.values():
        assert all(terms[each].casefold()[:2] in words.casefold() for each, words in stances.items())


# Attempts


def board(*designs, left, **limits):
    task = mission(**limits)
    attempts = [score_attempt(task, each, number=number) for number, each in enumerate(designs, 1)]
    return AttemptsBoard(controls=CONTROLS, objective=task.objective, start=task.baseline, attempts=attempts, left=left)


TRIED = ({"fusion": "111"}, {"batch": 1}, {"fusion": "111", "batch": 256}, {"batch": 64})


def test_the_log_has_each_attempt_with_its_own_figure_and_the_best_until_then(chain):
    shown = board(*(design(**each) for each in TRIED), left=6)
    view = AttemptsView(board=shown)
    rows = tables(said(view))[0][1]
    values = [float(getattr(evaluate(mission().scenario, design(**each)), shown.objective.quantity)) for each in TRIED]
    heads = list(rows[0])

    assert len(set(values)) == len(values)
    assert [row[heads[0]].text for row in rows] == ["1", "2", "3", "4"]
    for at, row in enumerate(rows):
        assert shows(row[shown.objective.name].text, values[at], shown.objective.unit)
        assert shows(row["Best so far"].text, max(values[: at + 1]), shown.objective.unit)
        assert ("this one" in row["Best so far"].text) == (values[at] == max(values[: at + 1]))
        before = shown.start if at == 0 else design(**TRIED[at - 1])
        assert [each.text for each in row["Changed"].all("div")] == [each.words for each in changes(CONTROLS, before, design(**TRIED[at]))]
    assert any(each.value == 3 for each in quantities(said(view).one("h3").text))
    assert "6 attempts" in said(view).text


def test_the_boards_view_follows_every_change(chain):
    shown = board(design(batch=64), left=9)
    view = AttemptsView(board=shown)
    before = said(view).text
    more = board(design(batch=64), design(fusion="111"), left=8)
    shown.attempts = more.attempts
    assert said(view).text != before
    shown.left = 8
    assert "8 attempts" in said(view).text
    shown.message = "Said once."

    assert "Said once." in said(view).text


def test_scoring_stands_beside_the_controls_from_the_first_attempt_to_the_last(chain):
    task = mission()
    bench = make_workbench(scenario=task.scenario, part=part(), mission=task, start=task.baseline)
    shown = board(left=3)
    shown.opened = False
    view = ControlsView(bench=bench, attempts=shown)
    scoring = next(each for each in view.__panel__().select(pn.Column) if "rp-scoring" in each.css_classes)
    assert not scoring.visible

    shown.opened = True
    assert scoring.visible
    shown.left = 2
    shown.message = "Said here."
    assert "2 attempts" in said(view).text and "Said here." in said(view).text
    shown.left = 0
    assert scoring.visible  # to stand by the best is left
    shown.named = True
    assert not scoring.visible


@pytest.mark.parametrize(("track", "number"), every_part().values(), ids=every_part())
def test_every_control_has_its_own_label_choices_and_parameter(track, number):
    bench = bench_of(track, number)
    shown = Rendered(controls=ControlsView(bench=bench))
    widgets = {str(each.label): each for each in shown.widgets("controls")}
    meanings = {each.one("dt").text: each.one("dd").text for each in shown.markup("controls").one("dl").all("div")}
    for control in bench.part.controls:
        assert meanings.get(control.label, "") == control.help
        if control.chain or not (control.choices or control.values):
            continue
        widget = widgets[control.label]
        if control.choices:
            assert widget.options == {each.text: each.id for each in control.choices}
        else:
            assert all(shows(words, value) or quantities(words)[0].value == pytest.approx(value) for words, value in widget.options.items())
        other = next(each for each in widget.options.values() if each != widget.value)
        before = bench.design()
        widget.value = other
        assert getattr(bench.design(), control.id) == other or bench.design() == before
        bench.take(bench.start)
        assert widget.value == getattr(bench.start, control.id)


@pytest.mark.parametrize(("track", "number"), every_part().values(), ids=every_part())
def test_a_link_carries_every_field_of_a_design(track, number):
    bench = bench_of(track, number, 1)
    for control in bench.part.controls:
        if control.choices or control.values or control.chain:
            changed = bench.start.replace(**{control.id: [each for each in control.space if each != getattr(bench.start, control.id)][-1]})
            back = decode(encode(track.id, number, 1, changed))
            assert (back.track_id, back.part, back.variant, back.design.to_json()) == (track.id, number, 1, changed.to_json())


# The stakeholder


@pytest.mark.parametrize("limits", [{}, {"step_s": 0.02}], ids=["possible", "blocked"])
def test_a_reply_lays_the_gain_and_the_design_beside_the_start(chain, monkeypatch, limits):
    task, defended = mission(**limits), design(batch=64, precision="narrow")
    found = answer_demand(task, CONTROLS, DEMAND)
    monkeypatch.setattr(challenge, "demand_answer", lambda *_key: found)
    place = SimpleNamespace(part=part(**limits), mission=task, scenario=task.scenario, start=task.baseline, key=("chain", 3, 0))
    entry = Reply(
        at="2026-11-02T09:30:00Z", track="chain", part=3, decision=ACCEPT, design=defended.to_json(), figures={}, right=False,
        attributed_id="batch",
    )  # fmt: skip
    form = DemandForm(place=place, given=[(entry, defended)], over=True, answer=found)
    bench = make_workbench(scenario=task.scenario, part=place.part, mission=task, start=task.baseline)
    shown = told(StakeholderView(bench=bench, form=form).reply.text)
    (_, brought), (_, rows) = tables(shown)
    target = found.best if found.possible else found.closest

    gained = attribute(task, CONTROLS, DEMAND, defended)
    judged = challenge.judged(place, defended, ACCEPT, "batch")
    verdicts = ["rp-right" in each.classes for each in shown.all(class_="rp-verdict")]
    assert verdicts == [judged.attribution_holds, judged.decision_holds]
    for row, each in zip(brought, gained.brought, strict=True):
        cells = [cell.text for cell in row.values()]
        assert cells[0] == each.label
        assert quantities(cells[2])[0].is_(each.factor, "×") and quantities(cells[3])[0].is_(each.alone_factor, "×")
    changed = [[each.label, each.before, each.after] for each in changes(CONTROLS, task.baseline, target)]
    assert [[cell.text for cell in row.values()] for row in rows] == changed
    words = " ".join(each.text for each in shown.all("p"))
    assert any(each.is_(found.best_factor, "×") for each in quantities(words)) or not found.feasible_count


# Screens


def value(seq, name, recorded, again, apart=0.5):
    return SimpleNamespace(seq=seq, name=name, recorded=recorded, recomputed=again, difference_fraction=apart)


def test_a_replay_lays_the_ledgers_value_beside_the_models():
    different, unlike, same = value(4, "rate", 1.5, 2.5, 0.4), value(8, "mode", 0.25, 0.75, 0.66), value(2, "MFU", 0.125, 0.625)
    found = SimpleNamespace(
        entry_count=17, values=(same, different), unchecked=(unlike,), differences=(different,), edited=False, others=(), unknown_count=0, bench_opened="",
        findings=(SimpleNamespace(seq=6, words="stands out"),), uncomputed=(SimpleNamespace(seq=11, words="not computable"),), scored=(), verdict="differs",
    )  # fmt: skip
    page = dict(tables(told(replay_markup(found))))
    cells = {caption: [[each.text for each in row.values()] for row in rows] for caption, rows in page.items()}
    apart, out, unchecked, uncomputed, everything = cells.values()

    assert apart == [["5", "rate", "1.5", "2.5", "40%"]]
    assert out == [["7", "stands out"]]
    assert unchecked == [["9", "mode", "0.25", "0.75"]]
    assert uncomputed == [["12", "not computable"]]
    assert everything == [["3", "MFU", "0.125", "0.625"], ["5", "rate", "1.5", "2.5"]]
    assert list(page["Values that differ"][0]) == ["Entry", "Value", "In the ledger", "Computed again", "Apart"]


def test_a_rubric_has_points_reasons_and_entries_in_their_order():
    lines = (
        Criterion(id="a", part=1, words="asked", points=1.5, most_points=3.0, reason="half", evidence=(7, 2, 4)),
        Criterion(id="b", part=2, words="other", points=-2.0, most_points=0.0, reason="taken", evidence=()),
    )
    shown = told(rubric_markup([Rubric(track_id="tiny-pioneer", criteria=lines)]))
    ((_, rows),) = tables(shown)

    assert [[each.text for each in row.values()] for row in rows] == [["1", "asked", "1.5 of 3", "half", "3, 5, 8"], ["2", "other", "-2", "taken", "none"]]
    assert [each.value for each in quantities(shown.one("h3").text)][:2] == [max(-0.5, Rubric(track_id="tiny-pioneer", criteria=lines).points), 3]


@pytest.mark.parametrize("track", TRACKS, ids=lambda each: each.id)
def test_the_answer_key_has_the_choice_that_is_right_and_why(track):
    shown = told(key_markup(answer_key(track.id, 1)))
    given = {each.one("dt").text: each.one("dd") for each in shown.all("div") if each.all("dt")}

    assert shown.one("h3").text.startswith(track_name(track.id))
    for number in (1, 2, 3):
        place = setting(track.id, number, 1)
        for question in (*place.part.questions, *([place.part.diagnosis] if place.part.diagnosis else [])):
            right = question.answer(place.scenario)
            if number > 1 or question is not place.part.questions[0]:
                told_right = given[written(question.text)].one("strong").text
                assert told_right == written(f"{question.choice(right).text}.")
