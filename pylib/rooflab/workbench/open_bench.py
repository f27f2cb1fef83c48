"""What is chosen on the open bench, and the wish to open it before a track is done."""

import param

from rooflab.open_bench.setup import Setup

__all__ = ["MOST_CHIPS", "MOST_TOKENS", "GateForm", "SetupForm"]

MOST_CHIPS = 256
MOST_TOKENS = 262_144


class GateForm(param.Parameterized):
    """The wish to open the bench although no track is done."""

    anyway = param.Event(doc="The learner opens it anyway")


class SetupForm(param.Parameterized):
    """A model on a number of devices, the requests, and a model that may draft; by the ids of a shelf."""

    model = param.Selector(check_on_set=True, doc="Id of the model")
    device = param.Selector(check_on_set=True, doc="Id of the device")
    chips = param.Integer(default=1, bounds=(1, MOST_CHIPS), doc="Devices that share every layer")
    prompt_tokens = param.Integer(default=1, bounds=(1, MOST_TOKENS), doc="Tokens of every prompt")
    output_tokens = param.Integer(default=1, bounds=(1, MOST_TOKENS), doc="Tokens of every output")
    draft = param.Selector(check_on_set=True, doc="Id of the model that may draft; empty for none")
    message = param.String(doc="What became of the last file, in words")
    refused = param.Boolean(default=False, doc="Whether that file was not taken")
    notes = param.List(item_type=str, doc="What is taken to be so of the model, and what its file does not say")

    FIELDS = ("model", "device", "chips", "prompt_tokens", "output_tokens", "draft")

    def setup(self):
        """Return what is chosen."""
        return Setup(**{name: getattr(self, name) for name in self.FIELDS})

    def show(self, shelf, setup):
        """Offer what is on the shelf, and choose `setup` of it, without the draft that its model has no use for."""
        drafts = shelf.drafts(setup.model)
        offered = {"model": shelf.models(), "device": shelf.devices(), "draft": drafts}
        for name, objects in offered.items():
            self.param[name].objects = objects
        draft = setup.draft if setup.draft in drafts.values() else ""
        self.param.update(
            **{name: getattr(setup, name) for name in self.FIELDS if name != "draft"}, draft=draft, notes=list(shelf.notes(setup))
        )
