"""What can be chosen on the open bench, and what is: a model, a device, their number, and the requests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from rooflab.checkpoints import Checkpoint, released
from rooflab.errors import BadDesign, LabError
from rooflab.facts.devices import DEVICES
from rooflab.facts.workloads import WORKLOADS
from rooflab.open_bench.device import completed
from rooflab.open_bench.files import LoadedFile
from rooflab.open_bench.scenario import open_scenario
from rooflab.specs import Device, WeightScheme, Workload
from rooflab.systems.serving.scenario import ServingScenario

__all__ = ["LOADED", "Setup", "Shelf"]

Known = TypeVar("Known", Workload, Device)
LOADED = "loaded"
"""The id by which the model or the device of a file is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A model on so many devices, the requests, and a model that may draft; ids of a `Shelf`, an empty one for no draft."""

    model: str = "llama-3.1-8b"
    device: str = "h100-sxm"
    chips: int = 1
    prompt_tokens: int = 1024
    output_tokens: int = 256
    draft: str = ""


class Shelf:
    """The known models and devices, the last of each that a file brought, and devices of the reader's own that need no file."""

    def __init__(self, files: Iterable[LoadedFile] = (), own: Iterable[Device] = ()) -> None:
        self.own = tuple(own)
        self.model_file: LoadedFile | None = None
        self.device_file: LoadedFile | None = None
        for each in files:
            self.take(each)

    def take(self, loaded: LoadedFile) -> None:
        """Put what a file brought on the shelf, in the place of the one before."""
        if loaded.checkpoint is not None:
            self.model_file = loaded
        else:
            self.device_file = loaded

    @property
    def files(self) -> tuple[LoadedFile, ...]:
        """The files whose content is on the shelf."""
        return tuple(each for each in (self.model_file, self.device_file) if each is not None)

    def models(self) -> dict[str, str]:
        """Return the id of every model by the words that name it."""
        loaded = {f"{self._workload(LOADED).name} ({self.model_file.name})": LOADED} if self.model_file else {}
        return loaded | {each.name: each.id for each in WORKLOADS}

    def devices(self) -> dict[str, str]:
        """Return the id of every device that can serve a model, by the words that name it."""
        loaded = {f"{self.device_file.device.name} ({self.device_file.name})": LOADED} if self.device_file else {}
        return loaded | {each.name: each.id for each in (*self.own, *DEVICES) if _serves(each)}

    def drafts(self, model: str) -> dict[str, str]:
        """Return the models that may draft for a model: known ones without experts, less than half as large."""
        most = self._workload(model).params_count / 2
        return {"None": ""} | {each.name: each.id for each in WORKLOADS if each.experts == 1 and each.params_count < most}

    def precision(self, setup: Setup) -> str:
        """Return the format in which a model is released, or its file has it, where the device multiplies it; else BF16."""
        scheme = self._scheme(setup.model)
        return scheme.id if scheme.compute in self._device(setup.device).peak_flop_per_s else "bf16"

    def notes(self, setup: Setup) -> tuple[str, ...]:
        """Return what is taken to be so of a model, and what its file does not say."""
        checkpoint = self._checkpoint(setup.model)
        mean, stored = self._scheme(setup.model).element_bytes, checkpoint.scheme.element_bytes
        if mean < (1 + _MIXED) * stored:
            return checkpoint.notes
        words = (
            f"Some weights are kept in 16 bits: all are counted here at their mean, {mean:.3g} B, which is exact for memory and "
            "too little for a step that reads few experts; the command rooflab estimate counts what a step reads."
        )
        return (*checkpoint.notes, words)

    def scenario(self, setup: Setup) -> ServingScenario:
        """Return the scenario of a choice.

        Raises:
            BadDesign: a model or a device of it is not on the shelf.
        """
        return open_scenario(
            self._workload(setup.model),
            self._device(setup.device),
            chips=setup.chips,
            prompt_tokens=setup.prompt_tokens,
            output_tokens=setup.output_tokens,
            scheme=self._scheme(setup.model),
            draft=self._workload(setup.draft) if setup.draft else None,
        )

    def _workload(self, model: str) -> Workload:
        return self._checkpoint(model).workload

    def _checkpoint(self, model: str) -> Checkpoint:
        if model == LOADED and self.model_file is not None:
            return self.model_file.checkpoint
        return released(_named(WORKLOADS, model))

    def _device(self, device: str) -> Device:
        if device == LOADED and self.device_file is not None:
            return self.device_file.device
        return completed(_named((*self.own, *DEVICES), device))

    def _scheme(self, model: str) -> WeightScheme:
        """Return the format of a model, at the mean bytes of all its parameters: some are kept in 16 bits."""
        checkpoint = self._checkpoint(model)
        mean_bytes = checkpoint.weight_bytes / checkpoint.workload.params_count
        return replace(checkpoint.scheme, group_bytes=mean_bytes - checkpoint.scheme.storage.element_bytes)

_MIXED = 0.02  # beyond this share a mean hides that weights differ


def _named(known: Sequence[Known], wanted: str) -> Known:
    for each in known:
        if each.id == wanted:
            return each
    raise BadDesign(f"The open bench has no {wanted[:64]!r}.")


def _serves(device: Device) -> bool:
    try:
        completed(device)
    except LabError:
        return False
    return True
