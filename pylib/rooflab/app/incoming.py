"""Designs that come by a link: laid on the bench, or kept for this session until the bench is open."""

from rooflab.app.where import Where
from rooflab.errors import BadLink, LabError
from rooflab.lab.setting import setting
from rooflab.lab.steps.progress import PART_LOCKED
from rooflab.lab.steps.share import carries_design, decode, encode
from rooflab.tracks import track

__all__ = ["Incoming"]


class Incoming:
    """The last design that a link brought and that no bench has taken yet.

    Nothing of a waiting design is said, so that it tells nothing about a part that is locked.
    """

    def __init__(self):
        self.waiting = None

    def read(self, fragment):
        """Keep the design of a fragment, if it carries one, and return what is wrong with the link, if anything."""
        if not carries_design(fragment or ""):
            return ""
        try:
            self.waiting = decode(fragment)
        except BadLink as error:
            return str(error)
        return ""

    @property
    def where(self):
        """The part that the waiting design is for; None where none waits."""
        if self.waiting is None:
            return None
        return Where(track_id=self.waiting.track_id, part_number=self.waiting.part)

    def words(self, opened):
        """Say that a design waits; `opened` says whether its part may be opened."""
        part = f"part {self.waiting.part} of {track(self.waiting.track_id).name}"
        before = "" if opened else f"{PART_LOCKED} "
        return (
            f"This link carries a design for {part}. {before}"
            "In this session it waits until your predictions there are in, and then lies on your bench."
        )

    def lay(self, lesson):
        """Give the lesson's bench the waiting design, if it is for this part, and return what to tell the learner."""
        if self.waiting is None or lesson.bench is None:
            return ""
        shared = self.waiting
        if (shared.track_id, shared.part) != lesson.place.key[:2]:
            return ""
        self.waiting = None
        try:
            lesson.bench.take(_fitted(shared, lesson.place.variant))
        except LabError as error:
            return f"The link's design cannot lie on your bench, which has variant {lesson.place.variant}: {error}"
        if shared.variant == lesson.place.variant:
            return "The link's design lies on your bench."
        return (
            f"The link's design was made in variant {shared.variant}, and you work in variant {lesson.place.variant}: "
            "its settings lie on your bench, with your variant's numbers."
        )


def _fitted(shared, variant):
    """Return the design as the controls set it in another variant, checked as a link's is."""
    if shared.variant == variant:
        return shared.design
    place = setting(shared.track_id, shared.part, variant)
    values = shared.design.to_json()
    own = place.start.replace(**{control.id: values[control.id] for control in place.part.controls})
    return decode(encode(*place.key, own)).design
