"""The page "How far is the model from the world?": every published row beside its prediction."""

from __future__ import annotations

from typing import Any

from page_markup import Page, Raw, link, section, table, text
from rooflab.facts.calibration import EDGE_BANDS, GPU_SERVING, MOBILE_BANDS, SERVING_BANDS, TINY_BANDS
from rooflab.measured.apart import reason_apart
from rooflab.measured.grade import errors_by_id, grade
from rooflab.measured.held_out import HELD_OUT
from rooflab.measured.kernel_constants import KERNEL_BASES, KERNELS
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import published_rows
from rooflab.measured.serving_bases import SERVING_BASES
from rooflab.units import format_fraction, format_quantity
from scatter import Point, panel

__all__ = ["measured_page"]

LEAD = "Predicted against measured for every published row that ships with the model, by topic, each with its source."
TOPICS = {
    "flashattention": "Attention kernels",
    "speculative": "Speculative decoding",
    "decode-b1": "Decode, one sequence",
    "decode-batch": "Decode, batches",
    "moe": "Mixture of experts",
    "mbu": "Bandwidth utilisation",
    "prefill": "Prefill",
    "batching": "Static batches",
    "memory-capacity": "Sequences that fit",
    "serving": "Serving at load",
    "mfu": "Training",
    "bandwidth": "Streams",
    "edge": "Edge networks",
    "sparsity": "2:4 sparsity",
    "roofline": "Ridge points",
    "launch": "Kernel launches",
    "mcu": "Microcontrollers",
    "all": "All topics",
}
QUANTITIES = {
    "attention_hbm_bytes": "traffic",
    "attention_time_s": "time",
    "kernel_flop_per_s": "rate",
    "training_flop_per_s": "training rate",
    "speculative_speedup": "speed-up",
    "decode_tokens_per_s": "decode rate",
    "decode_step_time_s": "step time",
    "mbu_fraction": "share of the bandwidth",
    "prefill_time_s": "time",
    "serving_tokens_per_s": "serving rate",
    "max_batch": "sequences",
    "config_ratio": "ratio",
    "sparsity_speedup": "speed-up",
    "ridge_flop_per_byte": "ridge",
    "launch_time_per_kernel_s": "time",
    "network_latency_s": "latency",
    "network_throughput_per_s": "throughput",
    "inference_energy_j": "energy",
    "mcu_kernel_time_s": "kernel time",
}


def measured_page() -> Page:
    """Make the page from the rows, the predictions and their grades."""
    rows = published_rows()
    predictions, gaps = predict_rows(rows)
    made = [
        ("grades", "Grades by topic", _grades(rows, predictions)),
        ("charts", "Predicted against measured", _charts(rows, predictions)),
        ("rows", "Every row", _rows(rows, predictions, gaps)),
        ("bands", "What the instruments show", _bands()),
        ("apart", "Predicted apart from the tracks", _apart(rows)),
        ("constants", "Constants behind the predictions", _constants()),
    ]
    return Page(
        name="measured.html",
        title="How far is the model from the world?",
        lead=LEAD,
        sections=tuple((id_, title) for id_, title, _ in made),
        body="".join(section(id_, title, content) for id_, title, content in made),
    )


def _topic(topic: str) -> str:
    return TOPICS.get(topic, topic)


def _grades(rows: list[dict[str, Any]], predictions: dict[str, float]) -> str:
    lines = [
        (
            _topic(each.topic),
            each.rows,
            format_fraction(each.coverage_fraction),
            format_fraction(each.median_fraction),
            format_fraction(each.p90_fraction),
            "" if each.rows >= 5 else "fewer than five rows: not validated",
        )
        for each in grade(predictions, rows)
    ]
    return (
        "<p>The error of a row is |predicted / measured − 1|. A row that is not predicted counts against coverage. Rows that "
        "nobody could verify, or that gave a constant its value, are shown and not graded; but for four of the ESP32-P4, which gave "
        "that chip its cycles and test nothing.</p>"
        + table(
            "Errors of the graded rows, by topic",
            ("Topic", "Rows", "Covered", "Median error", "Nine in ten within", "Remark"),
            lines,
            numbers=(1, 2, 3, 4),
            words=(5,),
        )
    )


def _charts(rows: list[dict[str, Any]], predictions: dict[str, float]) -> str:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["id"] in predictions:
            groups.setdefault((row["topic"], row["quantity"]), []).append(row)
    panels = []
    for (topic, quantity), group in groups.items():
        points = [
            Point(
                measured=row["measured"],
                predicted=predictions[row["id"]],
                graded=row["graded"],
                words=f"{row['id']}, {_what(row)}: measured {_number(row, row['measured'])}, predicted "
                f"{_number(row, predictions[row['id']])}, {_signed(row, predictions)}",
            )
            for row in group
        ]
        worst = max(group, key=lambda row: abs(predictions[row["id"]] / row["measured"] - 1))
        number = "1 row" if len(group) == 1 else f"{len(group)} rows"
        caption = f"{number}; farthest {worst['id']}, {_signed(worst, predictions)}"
        unit = "" if group[0]["unit"] == "ratio" else group[0]["unit"]
        panels.append(panel(f"{_topic(topic)}: {QUANTITIES.get(quantity, quantity)}", caption, unit, points))
    return (
        "<p>Both axes are logarithmic; on the line a prediction equals its measurement, and the band is a tenth to either side. Discs "
        "are graded rows, squares those more than 35% off, rings rows that are not graded.</p>"
        f'<div class="panels">{"".join(panels)}</div>'
    )


def _rows(rows: list[dict[str, Any]], predictions: dict[str, float], gaps: dict[str, str]) -> str:
    errors = errors_by_id(predictions, rows)
    lines = []
    for row in rows:
        predicted = predictions.get(row["id"])
        graded = "graded" if row["id"] in errors else f"not graded: {row.get('ungraded_reason', '')}"
        lines.append(
            (
                row["id"],
                _topic(row["topic"]),
                _what(row),
                _number(row, row["measured"]),
                _number(row, predicted) if predicted is not None else "none",
                _signed(row, predictions) if predicted is not None else gaps[row["id"]],
                graded,
                _source(row),
            )
        )
    heads = ("Row", "Topic", "What", "Measured", "Predicted", "Error", "Graded", "Source")
    return table("Every published row and its prediction", heads, lines, numbers=(3, 4, 5), words=(2, 7))


def _what(row: dict[str, Any]) -> str:
    inputs = row["inputs"].get("numerator") or row["inputs"]
    parts = [QUANTITIES.get(row["quantity"], row["quantity"]), inputs.get("model") or inputs.get("kernel") or ""]
    chips = inputs.get("chips") or 1
    parts.append(f"on {chips} × {inputs['device']}" if chips > 1 else f"on {inputs['device']}")
    parts.append(inputs.get("weight_precision") or inputs.get("precision") or "")
    if inputs.get("batch"):
        parts.append(f"batch {inputs['batch']}")
    return ", ".join(each for each in parts if each)


def _number(row: dict[str, Any], value: float) -> str:
    return format_quantity(value, "" if row["unit"] == "ratio" else row["unit"])


def _signed(row: dict[str, Any], predictions: dict[str, float]) -> str:
    return f"{100 * (predictions[row['id']] / row['measured'] - 1):+.1f}%".replace("-", "−")


def _source(row: dict[str, Any]) -> Raw:
    number = next((word for word in row["source"].replace(",", " ").split() if word.startswith("arXiv:")), None)
    named = link(f"https://arxiv.org/abs/{number.removeprefix('arXiv:')}", row["source"]) if number else text(row["source"])
    words = f"; {row['ref']}; {row['confidence']}"
    return Raw(named + text(f"{words}. Note: {row['note']}" if row.get("note") else words))


def _bands() -> str:
    lines = [
        (
            track,
            each.topic,
            each.rows,
            format_fraction(each.median_fraction) if each.validated else "not validated",
            format_fraction(each.p90_fraction) if each.validated else "the range over the assumed constants",
        )
        for track, bands in (
            ("Cloud Titan", SERVING_BANDS),
            ("Edge Guardian", EDGE_BANDS),
            ("Mobile Nomad", MOBILE_BANDS),
            ("Tiny Pioneer", TINY_BANDS),
        )
        for each in bands
    ]
    return (
        "<p>Rows are graded by what the lab's own evaluation says of them, and every time on screen carries the band of its "
        "topic.</p>"
        + table("Bands of the instruments", ("Track", "Topic", "Rows", "Median error", "Band"), lines, numbers=(2,))
    )


def _apart(rows: list[dict[str, Any]]) -> str:
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if reason := reason_apart(row):
            found.setdefault((row["quantity"], reason), []).append(row["id"])
    lines = [(QUANTITIES.get(quantity, quantity), reason, ", ".join(ids)) for (quantity, reason), ids in found.items()]
    return (
        "<p>These rows measure what no track runs. Their predictions use the same devices and constants, and nothing on screen "
        "shows them; the prediction of every other row is what a track evaluates.</p>"
        + table("Rows that no track runs", ("Quantity", "Why", "Rows"), lines, words=(1, 2))
    )


def _constants() -> str:
    lines = [
        (
            each.name.replace("_", " "),
            f"{getattr(values, each.name):g}",
            f"{each.ends[0]:g} to {each.ends[1]:g}",
            each.kind,
            each.rows,
            each.words,
        )
        for values, bases in ((GPU_SERVING, SERVING_BASES), (KERNELS, KERNEL_BASES))
        for each in bases
    ]
    held_out = "".join(
        f"<p>{text(each.name.capitalize())}: {each.fitted_constants} fitted constants, {each.rows} graded rows. Median error "
        f"{format_fraction(each.median_fraction)}, nine in ten within {format_fraction(each.p90_fraction)}; with constants "
        f"fitted without a row's own publication {format_fraction(each.unseen_median_fraction)} and "
        f"{format_fraction(each.unseen_p90_fraction)}.</p>"
        for each in HELD_OUT
    )
    return (
        "<p>Few, physical, and none for a single row. A row counts where its prediction changes by more than 2% over the range.</p>"
        + held_out
        + table(
            "Constants of the predictions",
            ("Constant", "Value", "Range", "Basis", "Rows", "Meaning"),
            lines,
            numbers=(1, 2, 4),
            words=(5,),
        )
    )
