"""The stakeholder's challenge in a ledger: replies weighed by the rule that they were given under, and when it is over."""

from __future__ import annotations

from rooflab.analyses.claim import attributable, judge_claim
from rooflab.analyses.demand import DemandReply, earlier_replies, judge_reply, replies
from rooflab.lab.ledger.entries import Reply
from rooflab.lab.setting import Setting, demand_answer
from rooflab.lab.steps.progress import PartProgress
from rooflab.specs import Design

__all__ = ["judged", "may_tell_best", "reply_id", "reply_words"]


def reply_id(entry: Reply) -> str:
    """Return the id of what was answered."""
    return entry.named_id or entry.decision


def judged(place: Setting, design: Design, reply: str, attributed_id: str) -> DemandReply:
    """Weigh a reply; one without an attribution is of an earlier lab, which asked for none."""
    answer = demand_answer(*place.key)
    if not attributed_id:
        return judge_reply(place.mission, place.part.demand, answer, reply=reply, present=design)
    return judge_claim(
        place.mission, place.part.controls, place.part.demand, answer, reply=reply, attributed_id=attributed_id, present=design
    )


def may_tell_best(own: PartProgress) -> bool:
    """Say whether the best of all designs answers nothing that is still asked: no stakeholder asks, or the challenge is over.

    It is over once the reply holds, was revised, or is of a lab that took one only, and after the part's reflection.
    """
    given = own.replies
    over = bool(given) and (given[0].right or len(given) > 1 or not given[0].attributed_id)
    return "challenge" not in own.steps or over or own.reflection is not None


def reply_words(place: Setting, entry: Reply) -> str:
    """Say what was answered, in the words that were offered then."""
    offered = replies if entry.attributed_id else earlier_replies
    decision = dict(offered(place.mission, place.part.demand)).get(reply_id(entry), reply_id(entry))
    if not entry.attributed_id:
        return decision
    named = dict(attributable(place.part.controls)).get(entry.attributed_id, entry.attributed_id)
    return f"{decision} (most of the gain: {named})"
