"""What the learner is told of an answer to the stakeholder: before its revision, and at the end."""

from rooflab.analyses.changes import changes
from rooflab.analyses.claim import NOTHING, attributable, attribute
from rooflab.analyses.demand import ACCEPT, OTHERWISE
from rooflab.lab.steps.challenge import judged, reply_id
from rooflab.units import format_count, format_ratio
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.steps.reveal import verdict

__all__ = ["told_at_the_end", "told_before_the_revision"]


def told_before_the_revision(form):
    """Say which of the two answers holds, from the design that was defended alone; nothing of any other design."""
    entry, design = form.given[0]
    weighed = _weighed(form, entry, design)
    return joined(
        element("h3", "Your first answer is incorrect. You may revise it once."),
        *_answered(form, entry, design),
        element("p", _short(form, entry, weighed)) if not weighed.decision_holds else None,
        None
        if weighed.attribution_holds
        else element("p", "To see what brought the gain, take the changes back one at a time and watch the gain that is left."),
        element("p", "Your first answer counts. You may change the bench."),
    )


def told_at_the_end(form):
    """Say what held, what brought the gain, which number decides, and what all designs say."""
    right = form.given[-1][0].right
    return joined(
        element("h3", "Your answer is correct" if right else "Your answer is incorrect"),
        *(words for entry, design in form.given for words in _answered(form, entry, design)),
        *_gain(form),
        element("p", element("strong", form.demand.mechanism(form.place.scenario, form.place.start, form.given[-1][1]))),
        *_space(form),
    )


def _weighed(form, entry, design):
    return judged(form.place, design, reply_id(entry), entry.attributed_id)


def _answered(form, entry, design):
    """Lay one answer out: the gain attributed, the decision, each with its verdict."""
    weighed = _weighed(form, entry, design)
    which = "Revised" if entry.revision else "Your first answer"
    yield element("p", f"{which}, with {form.name_of(design)} ({format_ratio(weighed.present_factor)}):", class_="rp-asked")
    if entry.attributed_id:
        named = dict(attributable(form.place.part.controls)).get(entry.attributed_id, entry.attributed_id)
        yield element("p", verdict(weighed.attribution_holds), f" Most of the gain: {named}.")
    yield element("p", verdict(weighed.decision_holds), f" {_decision(form, entry)}.")


def _decision(form, entry):
    words = {reply: words for words, reply in form.param.choice.objects.items()}
    return words.get(reply_id(entry), reply_id(entry))


def _short(form, entry, weighed):
    """Say why the decision does not hold, of the design that was defended."""
    asked = format_ratio(form.demand.factor)
    if reply_id(entry) not in (ACCEPT, OTHERWISE):
        return "What you named is not what stands in the way."
    if not weighed.present_feasible:
        return "The design that you defended breaks a limit, so it shows nothing."
    if weighed.present_factor < form.demand.factor:
        return f"Your design gives {format_ratio(weighed.present_factor)} of the {asked} asked."
    return f"The design that you defended reaches {asked}; how much of it {form.demand.claim} bring is not as you said."


def _gain(form):
    """Divide the gain of the design that was defended last."""
    place, demand = form.place, form.demand
    design = form.given[-1][1]
    found = attribute(place.mission, place.part.controls, demand, design)
    told = {each.control_id: f"{each.before} to {each.after}" for each in changes(place.part.controls, place.start, design)}
    yield element("p", f"{_leading(found)} {_claimed(found, demand)}")
    if found.brought:
        yield _unfolding(
            f"What brought {format_ratio(found.total_factor)}, control by control",
            "Factors multiply to the gain, in no order",
            ("Control", "Change", "Brought", "Alone at the start"),
            [(each.label, told[each.control_id], format_ratio(each.factor), format_ratio(each.alone_factor)) for each in found.brought],
        )


def _leading(found):
    total = format_ratio(found.total_factor)
    if found.leading == (NOTHING,):
        return f"At {total} it is no better than the start."
    return f"{' and '.join(each.label for each in found.brought if each.control_id in found.leading)} brought most of the {total}."


def _claimed(found, demand):
    alone = format_ratio(found.claimed_alone_factor)
    if not found.claimed_used:
        return f"This design does without {demand.claim}; alone at the start they give {alone} at best."
    half = "" if found.leading == (NOTHING,) else f", where half of the gain is {format_ratio(found.half_factor)}"
    return f"{demand.claim.capitalize()} bring {format_ratio(found.claimed_factor)}{half}; alone at the start they give {alone}."


def _space(form):
    """Say what every design of the space says to the demand."""
    answer, demanded = form.answer, format_ratio(form.demand.factor)
    designs = format_count(answer.designs_count)
    if answer.possible:
        yield element("p", f"Of {designs} designs the best within every target gives {format_ratio(answer.best_factor)}: {demanded} is possible.")
    elif answer.feasible_count:
        yield element("p", f"Of {designs} designs the best within every target gives {format_ratio(answer.best_factor)}: {demanded} is out of reach.")
    else:
        yield element("p", f"Of {designs} designs not one keeps every target, whatever it gives.")
    if answer.blocked:
        count = format_count(answer.reaching_count)
        yield element("p", f"{count} designs reach {demanded}; each breaks something.")
    elif not answer.possible:
        yield element("p", f"Even with every target set aside, the most is {format_ratio(answer.reached_factor)}.")
    yield from _differences(form)


def _differences(form):
    answer = form.answer
    shown = answer.best if answer.possible else answer.closest
    told = changes(form.place.part.controls, form.place.start, shown)
    which = "The best design" if answer.possible else "The design that comes closest" if answer.blocked else "The design that gives most"
    if told:
        rows = [(each.label, each.before, each.after) for each in told]
        broken = element("ul", *(element("li", each.words) for each in answer.blocked), class_="rp-reasons") if answer.blocked else None
        yield _unfolding(which, "Where it differs from the start", ("Control", "Start", "Design"), rows, broken)


def _unfolding(summary, caption, header, rows, above=None):
    return folded(summary, above, table(caption, header, rows, class_="rp-table rp-log"))
