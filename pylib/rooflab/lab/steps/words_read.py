"""Words that a learner reads at each step of each part before anything is unfolded, as counted in the longest mode.

`tests/unit/views/test_budget.py` counts them on the screens again, and prints this table where it no longer holds.
"""

__all__ = ["WORDS_READ"]

WORDS_READ: dict[str, tuple[dict[str, int], ...]] = {
    "cloud-titan": (
        {"brief": 144, "predict": 107, "explore": 242, "reveal": 71, "diagnose": 239, "verify": 52, "reflect": 120},
        {"brief": 138, "predict": 92, "explore": 202, "reveal": 77, "attempt": 154, "propose": 84, "verify": 65, "reflect": 87},
        {"brief": 109, "predict": 76, "explore": 213, "reveal": 88, "attempt": 147, "challenge": 177, "verify": 130, "reflect": 122},
    ),
    "edge-guardian": (
        {"brief": 165, "predict": 97, "explore": 233, "reveal": 85, "diagnose": 218, "verify": 85, "reflect": 147},
        {"brief": 128, "predict": 79, "explore": 207, "reveal": 76, "attempt": 142, "propose": 103, "verify": 64, "reflect": 83},
        {"brief": 113, "predict": 78, "explore": 221, "reveal": 81, "attempt": 154, "challenge": 195, "verify": 56, "reflect": 217},
    ),
    "mobile-nomad": (
        {"brief": 161, "predict": 93, "explore": 200, "reveal": 81, "diagnose": 257, "verify": 83, "reflect": 139},
        {"brief": 128, "predict": 81, "explore": 198, "reveal": 77, "attempt": 140, "propose": 106, "verify": 71, "reflect": 83},
        {"brief": 110, "predict": 80, "explore": 229, "reveal": 81, "attempt": 119, "challenge": 244, "verify": 55, "reflect": 230},
    ),
    "tiny-pioneer": (
        {"brief": 165, "predict": 99, "explore": 308, "reveal": 76, "diagnose": 205, "verify": 67, "reflect": 130},
        {"brief": 118, "predict": 74, "explore": 286, "reveal": 79, "attempt": 162, "propose": 86, "verify": 67, "reflect": 100},
        {"brief": 115, "predict": 77, "explore": 214, "reveal": 79, "attempt": 121, "challenge": 221, "verify": 59, "reflect": 235},
    ),
}
