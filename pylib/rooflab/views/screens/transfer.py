"""The preview of an import: what the file holds, what it replaces, and a way back."""

import panel as pn
import param

from rooflab.views.markup import element, joined
from rooflab.views.widgets import button, text
from rooflab.workbench import TransferForm

__all__ = ["TransferView"]


class TransferView(pn.viewable.Viewer):
    """Words about a ledger, and the buttons that the moment allows."""

    form = param.ClassSelector(class_=TransferForm, constant=True, doc="The import under way")

    def __init__(self, **params):
        super().__init__(**params)
        buttons = {
            "offered": (("confirm", "Replace my ledger with this one", "rp-primary"), ("cancel", "Cancel", "rp-quiet")),
            "taken": (("undo", "Undo the import", "rp-quiet"),),
        }.get(self.form.stage, ())
        self._layout = pn.Column(
            text(
                joined(
                    element("h3", self.form.title),
                    *(element("p", line) for line in self.form.lines),
                ),
                "rp-transfer",
            ),
            pn.Row(
                *(button(self.form.param[event], words, *classes) for event, words, *classes in buttons),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            sizing_mode="stretch_width",
        )

    def __panel__(self):
        return self._layout
