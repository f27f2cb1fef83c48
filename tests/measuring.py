"""Scripts for a page that measures: those that speak for Python, and a plan that takes a second.

A browser test runs them with `evaluate`, an engine's tab with `script`.
"""

import json

from spoken_for import FRAGMENT, LISTEN, ask

from rooflab.machine.plan import plan

__all__ = ["FRAGMENT", "LISTEN", "ROWS", "SHORT", "TOLD", "ask", "change_plan"]

ROWS = [
    {"kernel": "peak", "variant": "simd", "size": 10_000},
    {"kernel": "peak", "variant": "scalar", "size": 10_000},
    {"kernel": "triad", "variant": "", "size": 2**13},
    {"kernel": "triad", "variant": "", "size": 2**20},
    {"kernel": "chain", "variant": "passes", "size": 2},
    {"kernel": "chain", "variant": "fused", "size": 2},
    {"kernel": "epilogue", "variant": "passes", "size": 2**16},
    {"kernel": "epilogue", "variant": "fused", "size": 2**16},
    *({"kernel": "gemm", "variant": variant, "size": 128} for variant in ("naive", "simd", "tile", "blocked")),
    {"kernel": "batch", "variant": "", "size": 2},
]
SHORT = plan() | {
    "sample_s": 0.004,
    "rounds": 2,
    "rows": ROWS,
    "all_cores": [{"kernel": "peak", "variant": "simd", "size": 10_000}, {"kernel": "triad", "variant": "", "size": 2**16}],
    "burst_s": 0.8,
    "unplanned_s": 60.0,
    "webgpu": [],
    "webgpu_s": 60.0,
    "jitter": {"kernel": "triad", "variant": "", "size": 2**13, "runs": 40, "ticks": 20, "most_s": 4.0},
    "thermal": {**plan()["thermal"], "size": 128, "run_flop": 2 * 128**3, "seconds": 1.0, "every_s": 0.2},
}

# The plan as the page reads it, shorter or otherwise changed; before the screen is opened.
CHANGE_PLAN = """{
    const real = window.fetch;
    window.fetch = async (address, ...words) => {
        const answer = await real(address, ...words);
        if (!String(address).includes("machine/kernels-")) return answer;
        return new Response(JSON.stringify({ ...(await answer.json()), plan: %s }));
    };
}"""
TOLD = "machineTold[0] ?? null"


def change_plan(changed=SHORT):
    """Return the script that gives the page this plan."""
    return CHANGE_PLAN % json.dumps(changed)
