"""A card becomes a record, or is refused in one sentence that says what is expected."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab.cards.reading import LARGEST_CARD, read_card
from rooflab.errors import BadCard
from rooflab.facts.devices import device
from rooflab.specs import Device, MemoryLevel, Microcontroller, Precision

OWN = {"name": "Triad and chains, best of five", "kind": "measured here", "date": "2026-11-29"}
FIGURES = ["hbm_bytes_per_s", "hbm_bytes", "peak_flop_per_s"]
CARD = {
    "schema": 1,
    "id": "desk",
    "name": "The machine on my desk",
    "hbm_bytes_per_s": 29e9,
    "hbm_bytes": 16e9,
    "peak_flop_per_s": {"fp32": 50e9},
    "sources": [OWN | {"figures": FIGURES}],
}
TOML = """
schema = 1
id = "desk"
name = "The machine on my desk"
hbm_bytes_per_s = 29e9
peak_flop_per_s.fp32 = 50e9

[[memory_levels]]  # first cache, then main memory
capacity_bytes = 24576
bytes_per_s = 74e9

[[memory_levels]]
capacity_bytes = 201326592
bytes_per_s = 29e9

[[sources]]
name = "Triad and chains, best of five"
kind = "measured here"
date = 2026-11-29
figures = ["hbm_bytes_per_s", "peak_flop_per_s.fp32", "memory_levels"]
"""


def changed(**values):
    return json.dumps({key: value for key, value in (CARD | values).items() if value is not None})


def sourced(**values):
    return changed(sources=[{key: value for key, value in (OWN | {"figures": FIGURES} | values).items() if value is not None}])


def test_a_card_in_json_becomes_a_device():
    found = read_card(json.dumps(CARD))

    assert isinstance(found, Device)
    assert found.peak(Precision.FP32) == 50e9
    assert found.ridge_flop_per_byte(Precision.FP32) == pytest.approx(50 / 29)
    assert found.source_of("hbm_bytes_per_s").name == "Triad and chains, best of five"
    assert found.tdp_w is None


def test_a_card_in_toml_has_the_memory_levels_of_a_measured_machine():
    found = read_card(TOML)

    assert found.memory_levels == (
        MemoryLevel(capacity_bytes=24576, bytes_per_s=74e9),
        MemoryLevel(capacity_bytes=192 * 2**20, bytes_per_s=29e9),
    )
    assert found.source_of("memory_levels").date == "2026-11-29"


def test_a_card_may_describe_a_microcontroller():
    values = {"kind": "microcontroller", "hbm_bytes_per_s": None, "hbm_bytes": None, "peak_flop_per_s": 7.7e9, "clock_hz": 240e6}

    found = read_card(changed(**values, sources=[OWN | {"figures": ["clock_hz", "peak_flop_per_s"]}]))

    assert isinstance(found, Microcontroller)
    assert found.clock_hz == 240e6


def test_a_card_may_stand_for_a_known_device_if_it_says_so():
    assert read_card(changed(id="l4", replaces="l4", name="NVIDIA L4")).id == "l4"


def test_a_how_is_enough_for_a_measurement_of_ones_own():
    assert read_card(sourced(date=None, note="best of five, one core")).source_of("hbm_bytes").note == "best of five, one core"


def test_a_mark_of_its_encoding_before_a_card_is_no_part_of_it():
    assert read_card("\N{BYTE ORDER MARK}" + TOML).id == read_card("\N{BYTE ORDER MARK}" + json.dumps(CARD)).id == "desk"


def test_a_microcontroller_may_need_no_cycles_for_a_call():
    values = {"kind": "microcontroller", "hbm_bytes_per_s": None, "hbm_bytes": None, "peak_flop_per_s": None, "call_cycles": 0}

    assert read_card(changed(**values, sources=[OWN | {"figures": ["call_cycles"]}])).call_cycles == 0


BAD = [
    # text
    ("", "schema = 1; this one says missing"),
    ("{", "neither: Expecting property name"),
    ("[1, 2]", "neither: "),
    ("[peak_flop_per_s]\nbf16 = 1e12", "schema = 1; this one says missing"),
    ("a." * 30_000 + "a = 1", "A line of a device card in TOML has at most 4,000 characters"),
    (f"schema = 1\nid = 'desk'\nname = 'Desk'\nhbm_bytes = {'9' * 3900}", "hbm_bytes is a number of more than 40 digits"),
    ("id = 'a'\nid = 'b'", "neither: Cannot overwrite a value"),
    ('{"id": 1, "id": 2}', "'id' is given twice"),
    ("#" * (LARGEST_CARD + 1), "at most 64,000 characters; this one has 64,001"),
    ("x" * 10_000_000, "at most 64,000 characters; this one has 10,000,000"),
    ('{"a":' * 9000 + "1" + "}" * 9000, "nested too deeply"),
    ("a = " + "[" * 1900 + "]" * 1900, "nested too deeply"),
    ("name = 'bell \x07'", "neither: "),
    # what it is
    (changed(schema=None), "says schema = 1; this one says missing"),
    (changed(schema=2), "schema = 1; this one says 2"),
    (changed(schema=True), "schema = 1; this one says True"),
    (changed(kind="toaster"), "kind must be device or microcontroller; it is 'toaster'"),
    (changed(kind=["device"]), "kind must be device or microcontroller; it is a list of 1 entry"),
    (changed(id=None), "id must be small letters.*; it is missing"),
    (changed(id="My GPU"), "id must be small letters.*; it is 'My GPU'"),
    (changed(id="../x"), "id must be small letters"),
    (changed(id="d" * 65), "id must be small letters.*at most 64"),
    (changed(name="  "), "name must be a text; it is '  '"),
    (changed(name="d" * 201), "name has at most 200 characters"),
    (changed(name="a\nb"), r"name may hold no control or invisible characters; it is 'a\\nb'"),
    (changed(name="a\N{RIGHT-TO-LEFT OVERRIDE}b"), r"no control or invisible characters; it is 'a\\u202eb'"),
    (changed(id="l40s"), "id 'l40s' is that of a known device, l40s; give it another"),
    (changed(id="h100"), "id 'h100' is that of a known device, h100-sxm"),
    (changed(name="NVIDIA L40S"), "name 'NVIDIA L40S' is that of a known device, l40s"),
    (changed(id="l4", replaces="l40s"), "replaces names the known device.*'l4'; it is 'l40s'"),
    (changed(replaces="desk"), "replaces is 'desk', and no device of that id is known"),
    # figures
    (changed(memory_gb=16), "has no figure 'memory_gb'; near to it"),
    (changed(colour="red"), "has no figure 'colour'; there are peak_flop_per_s, "),
    (changed(sram_bytes=1e6), "A device has no figure 'sram_bytes'; near to it"),
    (changed(hbm_bytes_per_s="29 GB/s"), "hbm_bytes_per_s must be a number of bytes/s, as 2039 GB/s are 2039e9; it is '29 GB/s'"),
    (changed(hbm_bytes_per_s=True), "hbm_bytes_per_s must be a number.*it is True"),
    (changed(hbm_bytes_per_s=2039), "hbm_bytes_per_s is 2039, and bytes/s from 1e.06 to 1e.15 are expected: 2039 GB/s are 2039e9"),
    (changed(hbm_bytes_per_s=2.039), "hbm_bytes_per_s is 2.039, and bytes/s"),
    (changed(hbm_bytes_per_s=-29e9), "hbm_bytes_per_s is -29000000000.0, and bytes/s"),
    (changed(hbm_bytes_per_s=float("nan")), "hbm_bytes_per_s is nan, and bytes/s"),
    (changed(hbm_bytes_per_s=float("inf")), "hbm_bytes_per_s is inf, and bytes/s"),
    (changed(hbm_bytes_per_s=10**400), "hbm_bytes_per_s is a number of more than 40 digits, and bytes/s"),
    (changed().replace("29000000000.0", "9" * 5000), "hbm_bytes_per_s is inf, and bytes/s"),
    (changed(hbm_bytes=80), "hbm_bytes is 80, and bytes from 1e.06 to 1e.15 are expected: 80 GB are 80e9"),
    (changed(hbm_bytes=0), "hbm_bytes is 0, and bytes"),
    (changed(peak_flop_per_s={"bf16": 312}), "peak_flop_per_s.bf16 is 312, and FLOP/s from 1e.06 to 1e.18 are expected: 312 TFLOP/s are 312e12"),
    (changed(peak_flop_per_s={"bf16": 312e30}), "peak_flop_per_s.bf16 is 3.12e.32, and FLOP/s"),
    (changed(peak_flop_per_s=312e12), "peak_flop_per_s is a table by precision"),
    (changed(peak_flop_per_s={}), "peak_flop_per_s is a table by precision.*; it is a table of 0 entries"),
    (changed(peak_flop_per_s={"fp7": 1e12}), "peak_flop_per_s has no precision 'fp7'; near to it"),
    (changed(peak_flop_per_s={"fp32": 312e15}), "over hbm_bytes_per_s is 1.08e.07 FLOP per byte, and from 0.01 to 100000 is plausible"),
    (changed(hbm_bytes_per_s=29e6, peak_flop_per_s={"fp32": 50e12}), "over hbm_bytes_per_s is 1.72e.06 FLOP per byte"),
    (changed(clock_hz=1410), "clock_hz is 1410, and hertz from .* are expected: 1410 MHz are 1410e6"),
    (changed(l2_bytes=40), "l2_bytes is 40, and bytes from 1024"),
    (changed(tdp_w=400_000), "tdp_w is 400000, and watts"),
    (changed(sm_count=108.5), "sm_count must be a whole number of multiprocessors; it is 108.5"),
    (changed(memory_levels=[]), "memory_levels must be a list of 1 to 32 entries; it is a list of 0 entries"),
    (changed(memory_levels=[{"capacity_bytes": 32768}]), "memory_levels 1 has capacity_bytes and bytes_per_s, and nothing else"),
    (changed(memory_levels=[{"capacity_bytes": 32768, "bytes_per_s": 74}]), "memory_levels 1: bytes_per_s is 74, and bytes/s"),
    (changed(peak_flop_per_s=None), "A device needs at least one peak, as peak_flop_per_s.bf16 = 312e12"),
    (changed(kind="microcontroller", hbm_bytes=None, hbm_bytes_per_s=None, peak_flop_per_s=None), "A microcontroller needs at least one figure"),
    # sources
    (changed(sources=None), "peak_flop_per_s.fp32 names no source"),
    (changed(sources=[]), "sources must be a list of 1 to 64 entries"),
    (changed(sources="datasheet"), "sources must be a list of 1 to 64 entries; it is 'datasheet'"),
    (changed(sources=["datasheet"]), "sources 1 must be a table of keys and values; it is 'datasheet'"),
    (changed(tdp_w=65), "tdp_w names no source: list it in the figures of a source"),
    (changed(peak_flop_per_s={"fp32": 50e9, "fp64": 25e9}, sources=[OWN | {"figures": [*FIGURES[:2], "peak_flop_per_s.fp32"]}]), "peak_flop_per_s.fp64 names no source"),
    (sourced(name=None), "sources 1: name must be a text; it is missing"),
    (sourced(kind=None), "sources 1: kind must be one of datasheet, .*measured here, .*; it is missing"),
    (sourced(kind="rumour"), "sources 1: kind must be one of .*; it is 'rumour'"),
    (sourced(confidence="sure"), "sources 1: confidence must be one of primary, .*; it is 'sure'"),
    (sourced(date=None), "measured here; its date or its note must say when or how"),
    (sourced(kind="datasheet"), "is of kind datasheet; it needs a url"),
    (sourced(kind="assumption"), "is of kind assumption; its note must say why"),
    (sourced(figures=None), "sources 1: figures must be a list of 1 to 64 entries; it is missing"),
    (sourced(figures=[*FIGURES, "tdp_w"]), "sources 1 vouches for 'tdp_w', which the card does not give"),
    (sourced(figures=[*FIGURES, 7]), "sources 1 vouches for 7, which the card does not give"),
    (sourced(page=3), "sources 1 has no 'page'; there are name, kind"),
    (sourced(note="a\0b"), "sources 1: note may hold no control or invisible characters"),
    (changed(sources=[OWN | {"id": "a", "figures": FIGURES[:1]}, OWN | {"id": "a", "figures": FIGURES}]), "sources 2 has the id 'a' of another"),
]


@pytest.mark.parametrize(("text", "words"), BAD, ids=range(len(BAD)))
def test_a_bad_card_is_refused_in_one_sentence(text, words):
    with pytest.raises(BadCard, match=words) as refused:
        read_card(text)

    message = str(refused.value)
    assert len(message) < 700
    assert message.isprintable()
    assert re.search(r"\.$", message) and not re.search(r"\.\s+[A-Z]", message)


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=10), each, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from([*CARD, "kind", "replaces", "memory_levels", "tdp_w", "sm_count"]), value=HOSTILE)
@settings(max_examples=300, deadline=None)
def test_any_value_at_any_key_is_read_or_refused(key, value):
    try:
        found = read_card(json.dumps(CARD | {key: value}))
    except BadCard as error:
        assert len(str(error)) < 700
        assert str(error).isprintable()
    else:
        assert found.id


@given(key=st.sampled_from(["name", "kind", "figures", "id", "confidence", "date", "url", "note"]), value=HOSTILE)
@settings(max_examples=200, deadline=None)
def test_any_value_in_a_source_is_read_or_refused(key, value):
    try:
        found = read_card(json.dumps(CARD | {"sources": [OWN | {"figures": FIGURES, key: value}]}))
    except BadCard as error:
        assert str(error).isprintable()
    else:
        assert found.source_of("hbm_bytes")


@given(text=st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_refused(text):
    with pytest.raises(BadCard) as refused:
        read_card(text)

    assert str(refused.value).isprintable()


def test_one_long_line_is_enough_to_refuse_a_card_in_toml():
    """A dotted key of thousands of parts takes tomllib minutes."""
    long = TOML + "a" + ".a" * 2_000 + " = 1\n"
    assert len(long) < LARGEST_CARD and long.count("\n") > 3

    with pytest.raises(BadCard, match="A line of a device card"):
        read_card(long)


@pytest.mark.parametrize("slip", [1e-12, 1e-9, 1e-6, 1e6])
def test_a_slip_of_a_prefix_in_a_known_device_is_refused(slip):
    """An A100 whose bandwidth or peak is given in TB, GB, MB or microbytes: each by itself."""
    a100 = device("a100-sxm-80gb")
    for key, value in (("hbm_bytes_per_s", a100.hbm_bytes_per_s * slip), ("peak_flop_per_s", {"bf16": a100.peak("bf16") * slip})):
        good = {"hbm_bytes_per_s": a100.hbm_bytes_per_s, "peak_flop_per_s": {"bf16": a100.peak("bf16")}}
        with pytest.raises(BadCard, match="are expected|is plausible"):
            read_card(changed(**(good | {key: value})))
