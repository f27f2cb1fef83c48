"""Cloud Titan: Llama-3-70B on a node of GPUs, and its attention bottleneck."""

from rooflab.specs import Track
from rooflab.tracks.cloud_titan.diagnose import PART_ONE
from rooflab.tracks.cloud_titan.fuse import PART_TWO
from rooflab.tracks.cloud_titan.invent import PART_THREE
from rooflab.tracks.cloud_titan.scenario import (
    AS_SERVED,
    HALF_THE_BITS,
    KV_SHARE,
    THROUGHPUT_SHARE,
    repaired,
    scenario,
)

__all__ = ["AS_SERVED", "CLOUD_TITAN", "HALF_THE_BITS", "repaired", "scenario"]

CLOUD_TITAN = Track(
    id="cloud-titan",
    name="Cloud Titan",
    persona="LLM architect",
    north_star="Maximise Llama-3-70B serving.",
    symptom=f"Llama-3-70B makes about {THROUGHPUT_SHARE:.0%} of the tokens per second of the A100 baseline.",
    crisis="The attention bottleneck: throughput is about half that of the A100 baseline, and the profile "
    f"shows {KV_SHARE:.0%} of the time loading the KV cache.",
    scenario=scenario,
    parts=(PART_ONE, PART_TWO, PART_THREE),
)
