"""What the controls offer, counted by hand: nothing is lost or doubled, numbers ascend, and ranges end at round figures."""

import pytest

from rooflab.tracks import TRACKS

PARTS = [(each, part) for each in TRACKS for part in each.parts]
each_part = pytest.mark.parametrize(("track", "part"), PARTS, ids=[f"{each.id}-{part.number}" for each, part in PARTS])

# How many values each control offers; of a fused chain 2 for each boundary, of a range its ends.
OFFERED = {
    ("cloud-titan", 1): {
        "phase": 2, "batch": (1, 1024), "context_tokens": (128, 8192), "precision": 4, "kv_precision": 2, "attention_kernel": 2,
        "dispatch": 2, "device_id": 2,
    },
    ("cloud-titan", 2): {"fusion": 2**6, "attention_kernel": 2, "dispatch": 2, "batch": 12, "kv_layout": 2, "precision": 3},
    ("cloud-titan", 3): {"experts": 3, "draft_tokens": 6, "sparsity": 4, "precision": 3, "kv_precision": 2, "fusion": 3, "batch": 12},
    ("edge-guardian", 1): {"frames": 5, "profiler": 2, "precision": 2, "dispatch": 2, "mode": 4, "input_path": 3, "nms": 2},
    ("edge-guardian", 2): {"fusion": 2**4, "batch": 4, "precision": 2, "dispatch": 2, "mode": 4, "input_path": 3, "nms": 2},
    ("edge-guardian", 3): {"precision": 2, "sparsity": 3, "cascade": 3, "experts": 3, "resolution": 4, "fusion": 2**4, "dispatch": 2},
    ("mobile-nomad", 1): {"precision": 3, "frames_per_s": 4, "translations_per_s": 4, "ambient_c": (15, 40)},
    ("mobile-nomad", 2): {"fusion": 2**5, "precision": 3, "tile_rows": 5, "frames_batched": 3, "translations_batched": 3},
    ("mobile-nomad", 3): {"precision": 3, "fusion": 3, "skipped_frames": 5, "draft_tokens": 4, "experts": 3, "sparsity": 3},
    ("tiny-pioneer", 1): {"chip_id": 4, "placement": 3, "weights": 2, "hidden": 6, "kernel": 2},
    ("tiny-pioneer", 2): {"fusion": 2**5, "placement": 3, "weights": 2, "hidden": 6, "hops_batched": 3, "kernel": 2},
    ("tiny-pioneer", 3): {"chip_id": 4, "placement": 3, "weights": 2, "hidden": 8, "sparsity": 3, "gate": 4, "experts": 3},
}  # fmt: skip


@each_part
def test_every_control_offers_what_was_counted(track, part):
    offered = {each.id: len(set(each.space)) if each.chain or each.choices or each.values else (each.minimum, each.maximum) for each in part.controls}

    assert offered == OFFERED[track.id, part.number]


@each_part
def test_numbers_ascend_and_a_doubling_range_ends_at_powers_of_two(track, part):
    for control in (*part.controls, *part.what_ifs):
        assert list(control.values) == sorted(set(control.values)), control.id
        if control.doubling:
            assert control.minimum.bit_count() == control.maximum.bit_count() == 1, control.id


@each_part
def test_every_gauge_and_control_says_what_it_is(track, part):
    assert not [each.id for each in (*part.gauges, *part.controls) if not (each.help or getattr(each, "unit", "") or getattr(each, "chain", ()))]
    assert all(each.help for each in part.gauges), [each.id for each in part.gauges if not each.help]
