"""A design in a link: exact there and back, and refusal of everything else."""

import base64
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rooflab.errors import BadLink
from rooflab.lab.steps.share import LINK_LIMIT, carries_design, decode, encode
from rooflab.tracks import track as real_track
from tests.unit.lab.fakes import CONTROLS, SCHOOL, mission

TITAN = real_track("cloud-titan")
CRISIS = TITAN.scenario(0).crisis
LINK = encode("cloud-titan", 1, 0, CRISIS)


def forged(content):
    """Return a link with a right checksum for anything."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    check = base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).decode()[:8]
    return f"#design={base64.urlsafe_b64encode(raw).decode().rstrip('=')}.{check}"


def content(**changes):
    values = {each.id: getattr(CRISIS, each.id) for each in TITAN.part(1).controls}
    return {"t": "cloud-titan", "p": 1, "v": 0, "d": values} | changes


def control_values(**changes):
    return content(d=content()["d"] | changes)


@given(
    batch=st.integers(1, 1024),
    context=st.integers(128, 8192),
    precision=st.sampled_from(["bf16", "w8a16", "w4a16"]),
    kernel=st.sampled_from(["eager", "fused"]),
    variant=st.integers(0, 3),
)
@settings(max_examples=60)
def test_a_design_of_part_one_comes_back(batch, context, precision, kernel, variant):
    design = (
        TITAN.scenario(variant)
        .crisis.replace(batch=batch, context_tokens=context, precision=precision, attention_kernel=kernel)
    )

    shared = decode(encode("cloud-titan", 1, variant, design))

    assert shared.design == design
    assert (shared.track_id, shared.part, shared.variant) == ("cloud-titan", 1, variant)


@given(values=st.fixed_dictionaries({each.id: st.sampled_from(each.space) for each in CONTROLS}))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_design_of_a_mission_comes_back(track, values):
    design = mission().baseline.replace(**values)

    assert decode(encode(SCHOOL, 2, 0, design)).design == design


def test_a_link_is_short_and_needs_no_escaping():
    assert len(LINK) < 400
    assert set(LINK.removeprefix("#design=")) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


def test_a_link_may_stand_beside_other_pieces():
    assert decode(f"#variant=3&{LINK[1:]}").design == CRISIS
    assert carries_design(LINK)
    assert not carries_design("#variant=3")


@given(st.integers(9, len(LINK) - 1))
@settings(max_examples=80)
def test_a_link_that_was_cut_off_is_refused(length):
    with pytest.raises(BadLink, match="cut off"):
        decode(LINK[:length])


@given(st.integers(8, len(LINK) - 1), st.sampled_from("ABCabc012-_."))
@settings(max_examples=120)
def test_a_link_with_a_character_changed_is_refused(at, character):
    changed = LINK[:at] + character + LINK[at + 1 :]
    if changed == LINK:
        return

    with pytest.raises(BadLink):
        decode(changed)


HOSTILE = {
    "nothing": ("", "carries no design"),
    "another fragment": ("#variant=3", "carries no design"),
    "empty": ("#design=", "cut off"),
    "too long": ("#design=" + "A" * (LINK_LIMIT + 1), "longer than 2000"),
    "markup": ("#design=<script>alert(1)</script>", "cut off"),
    "not JSON": (forged(b"hello"), "cut off"),
    "not text": (forged(b"\xff\xfe\x00"), "cut off"),
    "deep": (forged(b"[" * 1400), "cut off"),
    "a list": (forged([1]), "not made by this lab"),
    "another shape": (forged({"t": "cloud-titan"}), "not made by this lab"),
    "no values": (forged(content(d=[])), "not made by this lab"),
    "names twice": (forged(b'{"t":"a","t":"b","p":1,"v":0,"d":{}}'), "cut off"),
    "NaN": (forged(b'{"t":"cloud-titan","p":1,"v":NaN,"d":{}}'), "cut off"),
    "unknown track": (forged(content(t="<img src=x>")), "does not have"),
    "track as list": (forged(content(t=["cloud-titan"])), "does not have"),
    "part four": (forged(content(p=4)), "numbered 1 to 3"),
    "part true": (forged(content(p=True)), "numbered 1 to 3"),
    "variant below zero": (forged(content(v=-1)), "variant must be"),
    "variant as text": (forged(content(v="0")), "variant must be"),
    "huge variant": (forged(content(v=10**12)), "variant must be"),
    "value missing": (forged(content(d={"batch": 1})), "does not set"),
    "value too many": (forged(control_values(secret=1)), "does not set"),
    "below the range": (forged(control_values(batch=0)), "Batch"),
    "above the range": (forged(control_values(batch=65536)), "Batch"),
    "fraction": (forged(control_values(batch=1.5)), "Batch"),
    "count as true": (forged(control_values(batch=True)), "Batch"),
    "not on offer": (forged(control_values(precision="roman")), "Weights"),
    "value as object": (forged(control_values(precision={"a": 1})), "Weights"),
    "cannot be built": (forged(control_values(precision="fp8", device_id="a100-sxm-80gb")), "cannot be built"),
}


@pytest.mark.parametrize(("fragment", "words"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_link_is_refused_in_plain_words(fragment, words):
    with pytest.raises(BadLink, match=words) as refusal:
        decode(fragment)

    assert len(str(refusal.value)) < 300
    assert "<" not in str(refusal.value)


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_any_text_is_refused(text):
    with pytest.raises(BadLink):
        decode(f"#design={text}")


def test_what_no_control_sets_is_not_put_into_a_link(track):
    with pytest.raises(BadLink, match="sets context_tokens"):
        encode(SCHOOL, 2, 0, mission().baseline.replace(context_tokens=8192))


def test_a_value_that_a_mission_does_not_offer_is_refused(track):
    values = {each.id: getattr(mission().baseline, each.id) for each in CONTROLS}

    with pytest.raises(BadLink, match="Batch"):
        decode(forged({"t": SCHOOL, "p": 2, "v": 0, "d": values | {"batch": 17}}))
