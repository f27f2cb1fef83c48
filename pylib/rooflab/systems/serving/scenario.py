"""What a learner cannot change for a language model served on a node of GPUs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rooflab.errors import BadDesign
from rooflab.specs.device import Device
from rooflab.specs.engine import Engine
from rooflab.specs.precision import WEIGHT_SCHEMES, Precision, WeightScheme
from rooflab.specs.scenario import Parameters, Roof, Scenario
from rooflab.specs.service import Service
from rooflab.specs.source import Source, Sourced
from rooflab.specs.workload import Workload
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.graded import graded_topic
from rooflab.units import format_count

__all__ = ["ServingScenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServingScenario(Scenario):
    """A node, the models it can serve, and what is asked of the service.

    `mixture` is the model of experts that may take the workload's place, `draft` the small model
    that may draft for either. Without a `service` no prompts arrive while tokens are made, the
    cache holds just the context, and nothing of the other two is on offer. `schemes` say how the formats of a design
    store weights, whose scales differ from one published model to another.
    """

    devices: tuple[Device, ...]
    device_count: int
    workload: Workload
    mixture: Workload | None = None
    draft: Workload | None = None
    service: Service | None = None
    engine: Engine = Engine()
    schemes: Mapping[str, WeightScheme] = field(default_factory=lambda: WEIGHT_SCHEMES)

    def model(self, experts: str) -> Workload:
        """Return the model that a design serves.

        Raises:
            BadDesign: it is a mixture of experts, and the scenario has none.
        """
        if experts == "dense":
            return self.workload
        if self.mixture is None or self.service is None:
            raise BadDesign(f"This scenario has no mixture of experts; experts must be dense, not {experts!r}.")
        return self.mixture

    def topic(self, design: ServingDesign) -> str | None:
        """Return the topic of the published rows that grade this one design; None where there are none."""
        mixed = self.model(design.experts).experts > 1
        return graded_topic(design, mixed=mixed, rides_along=self.service is not None)

    def device(self, device_id: str) -> Device:
        """Return the device of that id."""
        for each in self.devices:
            if each.id == device_id:
                return each
        known = ", ".join(each.id for each in self.devices)
        raise BadDesign(f"This scenario has no device {device_id!r}; it has {known}.")

    def roofs(self, design: ServingDesign) -> tuple[Roof, ...]:
        """Return the roof of the design's GPU, then those of the others; one that lacks the format is drawn at BF16."""
        own = self.device(design.device_id)
        compute = self.schemes[design.precision].compute
        return tuple(
            Roof(
                name=each.name.removeprefix("NVIDIA "),
                peak_flop_per_s=each.peak_flop_per_s.get(compute) or each.peak(Precision.BF16),
                hbm_bytes_per_s=each.fact("hbm_bytes_per_s"),
                sources=each.roof_sources,
            )
            for each in (own, *(other for other in self.devices if other is not own))
        )

    def circumstances(self, design: ServingDesign) -> tuple[tuple[str, str, Source], ...]:
        """Return the GPUs and the requests."""
        asked = self.service
        requests = (
            f"{format_count(asked.prompt_tokens)} prompt tokens, {format_count(asked.output_tokens)} output tokens, one after another"
            if asked
            else "all sequences at one context, no prompts"
        )
        device = self.device(design.device_id)
        return (
            ("GPU", f"{self.device_count} × {device.name}", device.source_of("peak_flop_per_s")),
            ("Requests", requests, (asked or self.workload).source_of("prompt_tokens" if asked else "layers")),
        )

    def parameters(self, design: ServingDesign) -> Parameters:
        """Return those of the served model; a draft model is no part of it."""
        model = self.model(design.experts)
        return Parameters(active_count=model.active_params_count, stored_count=model.params_count)

    @property
    def records(self) -> tuple[Sourced, ...]:
        """GPUs, models, service, constants."""
        others = (each for each in (self.mixture, self.draft, self.service) if each is not None)
        return (*self.devices, self.workload, *others, self.calibration)

    def mend(self, design: ServingDesign) -> tuple[ServingDesign, str]:
        """Go back to BF16 where the GPU has no matrix units for the format."""
        device = self.device(design.device_id)
        scheme = self.schemes[design.precision]
        if scheme.compute in device.peak_flop_per_s:
            return design, ""
        words = f"{device.name} has no matrix units for {scheme.name}: weights are {self.schemes['bf16'].name} again."
        return design.replace(precision="bf16"), words
