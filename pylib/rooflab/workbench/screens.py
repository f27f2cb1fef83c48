"""Forms of the screens over whole ledgers: the learner's report and the instructors' class."""

import param

from rooflab.lab.ledger.ledger import VARIANT_LIMIT

__all__ = ["ClassroomForm", "KeyForm", "ReportForm"]

GIVEN_WORD = "I teach with this lab and do not take this variant myself"


class ReportForm(param.Parameterized):
    """The wish for the report as a file."""

    markdown = param.Event(doc="The learner wants the report as Markdown")
    json = param.Event(doc="The learner wants the report as JSON")


class ClassroomForm(param.Parameterized):
    """The learner of a class who is looked at, and the wish for the class as a table."""

    learner = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Name of the ledger looked at")
    table = param.Event(doc="The instructor wants the class as a file")

    def offer(self, names):
        """Offer the ledgers of these names."""
        self.param.learner.objects = list(names)


class KeyForm(param.Parameterized):
    """The answer key: a track, a variant typed in, and the word of the one who asks."""

    track = param.Selector(check_on_set=True, doc="Id of the track")
    variant = param.String(default="", doc="The variant, as typed")
    word = param.ListSelector(default=[], objects={GIVEN_WORD: "given"}, check_on_set=True, doc="The word of the one who asks")
    show = param.Event(doc="The instructor wants to see the answers")
    message = param.String(doc="What is still missing, in words")

    def __init__(self, tracks, **params):
        super().__init__(**params)
        self.param.track.objects = tracks
        self.track = next(iter(tracks.values()))

    @property
    def number(self):
        """The variant typed in; None where it is none."""
        typed = self.variant.strip()
        return int(typed) if typed.isascii() and typed.isdigit() and int(typed) <= VARIANT_LIMIT else None

    def missing(self):
        """List, in words, what stands between the asker and the answers."""
        gaps = [f"the variant, a whole number from 0 to {VARIANT_LIMIT}"] if self.number is None else []
        return gaps if self.word else [*gaps, "your word that you teach with the lab"]
