"""`rooflab estimate`: any model by its configuration, on any device by its name."""

import json
import re

import pytest

from rooflab.__main__ import main
from rooflab.checkpoints import read_checkpoint
from rooflab.estimates import Question, estimate
from rooflab.evaluate import evaluate
from rooflab.facts.devices import device
from rooflab.units import format_time
from tests.unit.checkpoints.models import MODELS, config

REQUESTS = ("--batch", "16", "--prompt", "2048", "--output", "256")


@pytest.fixture
def told(tmp_path, capsys):
    """Run the command on the configuration of a published model; return the exit code and what it told."""

    def run(name, *arguments, changes=None, as_json=True):
        path = tmp_path / "config.json"
        path.write_text(json.dumps(config(name, **(changes or {}))), encoding="utf-8")
        status = main(["estimate", "--model", str(path), *arguments, *(["--json"] if as_json else [])])
        said = capsys.readouterr()
        return status, json.loads(said.out) if as_json and said.out else said.out + said.err

    return run


def question(name, device_id="h100-sxm", *, chips=1, batch=16, prompt_tokens=2048, output_tokens=256):
    return Question(
        checkpoint=read_checkpoint(json.dumps(config(name)), name="config.json"),
        device=device(device_id),
        chips=chips,
        batch=batch,
        prompt_tokens=prompt_tokens,
        output_tokens=output_tokens,
    )


def test_everything_is_told_with_its_unit(told):
    status, text = told("meta-llama/Llama-3.1-8B", "--device", "l40s", "--chips", "4", *REQUESTS, as_json=False)

    assert status == 0
    for words in (
        "8.03 billion parameters", "weights", "KV cache", "reserve", "largest batch", "time to first token", "for all 16 at once",
        "time between tokens", "throughput", "-bound:", "as long as", "MFU", "MBU", "alidated", "To check it:",
        "quantization_config is not in the file", "Counted: tables",
    ):  # fmt: skip
        assert words in text
    # Each pass is called after what it waits for most, which is then at least as long as the next.
    assert all(float(times) >= 1 for times in re.findall(r"-bound: \S+ \S+, ([\d.]+)× as long as", text))
    assert len(re.findall(r"-bound: ", text)) == 2


def test_a_pass_is_called_after_what_it_waits_for_most(told):
    status, figures = told("meta-llama/Llama-3.1-8B", "--device", "l40s", *REQUESTS)
    _, text = told("meta-llama/Llama-3.1-8B", "--device", "l40s", *REQUESTS, as_json=False)

    most = max(figures["bound_times_s"], key=figures["bound_times_s"].get)
    assert status == 0 and f"a step is {most}-bound: {format_time(figures['bound_times_s'][most])}" in text


def test_json_holds_what_the_text_tells(told):
    status, figures = told("meta-llama/Llama-3.1-8B", "--device", "l40s", "--chips", "4", *REQUESTS)

    assert status == 0
    assert figures["memory_bytes_per_device"]["weights"] == 2 * 8_030_261_248 / 4
    for name, band in figures["bands"].items():
        assert band["low_s"] <= figures[name] <= band["high_s"]
    assert sum(figures["bound_times_s"].values()) == pytest.approx(figures["time_between_tokens_s"])
    assert figures["largest_batch"] < figures["largest_batch_at_mean_length"]


def test_times_are_those_of_the_labs_own_evaluation():
    asked = question("meta-llama/Llama-3.1-70B", chips=4)
    found = estimate(asked)

    batch = asked.batch_scenario(tokens=16)
    step = evaluate(batch, asked.design(batch, context_tokens=2048 + 128))
    assert found.step.step_time_s == step.step_time_s
    whole_s = found.first_all.step_time_s + 255 * step.step_time_s  # the prompts' pass gives the first token
    assert found.batch_tokens_per_s == pytest.approx(16 * 256 / whole_s)


def test_one_request_alone_waits_for_its_own_prompt(told):
    _, figures = told("openai/gpt-oss-20b", "--device", "h100", "--prompt", "1024", "--output", "128")

    whole_s = figures["time_to_first_token_s"] + 127 * figures["time_between_tokens_s"]
    assert figures["tokens_per_s"] == pytest.approx(128 / whole_s)
    assert figures["time_between_tokens_under_load_s"] >= figures["time_between_tokens_s"]


def test_published_times_stand_behind_what_was_run_as_they_were(told):
    _, known = told("meta-llama/Llama-3.1-8B", "--device", "a100", "--batch", "8")
    _, other = told("meta-llama/Llama-3.1-8B", "--device", "l4", "--batch", "1")

    assert known["bands"]["time_between_tokens_s"]["words"].startswith("Published decode times (")
    assert known["bands"]["time_between_tokens_under_load_s"]["words"].startswith("Published serving times (")
    assert not any(each["validated"] for each in other["bands"].values())


def test_more_devices_than_a_node_has_are_said_to_be_linked_as_in_one(told):
    for chips in (8, 16):
        _, figures = told("meta-llama/Llama-2-70b-hf", "--device", "h100", "--chips", str(chips))
        assert any("linked like those of one node" in each for each in figures["notes"]) == (chips > 8)


def test_times_of_experts_stand_on_rows_of_experts(told):
    _, figures = told("mistralai/Mixtral-8x7B-v0.1", "--device", "a100", "--chips", "2", "--batch", "8")

    assert figures["bands"]["time_between_tokens_s"]["words"].startswith("Published moe times (")
    assert figures["bands"]["time_between_tokens_under_load_s"]["words"].startswith("Published moe times (")


def test_weights_that_do_not_fit_end_with_1(told):
    status, figures = told("meta-llama/Llama-2-70b-hf", "--device", "rtx-4090")

    assert (status, figures["fits"]) == (1, False)
    assert figures["reason"] == "This does not fit: weights need 138 GB, only 24.0 GB available."
    assert "tokens_per_s" not in figures


def test_a_batch_that_does_not_fit_is_told_the_largest_that_does(told):
    status, figures = told("meta-llama/Llama-3.1-8B", "--device", "l40s", "--batch", "1000", "--prompt", "2048")

    assert status == 1
    assert f"the largest batch is {figures['largest_batch']}." in figures["reason"]
    fitting = str(figures["largest_batch"])
    assert told("meta-llama/Llama-3.1-8B", "--device", "l40s", "--batch", fitting, "--prompt", "2048")[0] == 0


@pytest.mark.parametrize("batch", [1, 2, 16, 1000])
def test_the_largest_batch_fits_and_one_more_does_not(batch):
    most = estimate(question("meta-llama/Llama-3.1-8B", "l4", batch=batch, prompt_tokens=1024, output_tokens=128)).largest_batch

    fits = [
        estimate(question("meta-llama/Llama-3.1-8B", "l4", batch=each, prompt_tokens=1024, output_tokens=128)).fits
        for each in (most, most + 1)
    ]
    assert fits == [True, False]


def test_one_token_reads_its_experts_in_4_bits_and_all_else_in_16():
    asked = question("openai/gpt-oss-120b", batch=1)
    shape = asked.checkpoint.workload
    matrices = 36 * 4 * 3 * 2880**2  # of four experts in each layer
    read = shape.active_params_count - shape.table_params  # of the input table one row

    expected = (matrices * (0.5 + 1 / 32) + (read - matrices) * 2) / read
    assert asked.scenario(tokens=1).schemes["w4a16"].element_bytes == pytest.approx(expected)


def test_stored_bytes_are_those_of_the_files():
    held = estimate(question("openai/gpt-oss-120b")).memory

    assert held.weight_bytes == pytest.approx(MODELS["openai/gpt-oss-120b"]["weight_bytes"])


def test_the_cache_is_told_alone_and_in_pages(told):
    _, figures = told("meta-llama/Llama-3.1-8B", "--device", "l40s", "--chips", "16", *REQUESTS)

    alone = 16 * 2304 * 32 * 2 * 8 * 128 * 2  # sequences, tokens, layers, keys and values of 8 heads of 128 in 2 bytes
    assert figures["cache_bytes"] == alone
    # Half of a page of 16 tokens is empty on average, and on 16 devices each of the 8 heads is kept twice.
    assert figures["cache_bytes_with_pages_and_copies"] == pytest.approx(alone * 2 * (2304 + 7.5) / 2304)


def test_another_format_takes_the_place_of_the_files(told):
    _, wide = told("meta-llama/Llama-3.1-8B", "--device", "h100")
    _, narrow = told("meta-llama/Llama-3.1-8B", "--device", "h100", "--weights", "fp8", "--kv", "fp8")

    tables_and_norms = 2 * 128256 * 4096 + 65 * 4096
    assert narrow["memory_bytes_per_device"]["weights"] == 8_030_261_248 + tables_and_norms
    assert narrow["memory_bytes_per_device"]["KV cache"] == wide["memory_bytes_per_device"]["KV cache"] / 2
    assert "--quantization fp8 --kv-cache-dtype fp8" in narrow["benchmark"][0]


def test_the_benchmark_asks_what_was_estimated(told):
    _, figures = told("deepseek-ai/DeepSeek-V3", "--device", "h200", "--chips", "8", *REQUESTS)
    serve, bench = figures["benchmark"]

    assert serve.startswith("vllm serve ") and "--tensor-parallel-size 8 --max-model-len 2304 --max-num-seqs 16" in serve
    assert "--quantization" not in serve  # the file is in FP8 already
    assert "--random-input-len 2048 --random-output-len 256 --max-concurrency 16 --num-prompts 160 --ignore-eos" in bench


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("meta-llama/Llama-3.1-8B", ("--weights", "w4a16")), ("deepseek-ai/DeepSeek-V3", ("--device", "b200", "--chips", "16", "--weights", "bf16"))],
)
def test_a_format_that_no_server_makes_is_a_model_of_its_own(name, arguments, told):
    _, figures = told(name, *arguments)

    assert figures["benchmark"][0].startswith("vllm serve MODEL ")
    assert any(each.startswith("MODEL in the commands stands for ") for each in figures["notes"])


def test_a_name_of_the_lab_is_none_of_a_server(capsys):
    assert main(["estimate", "--model", "llama-3.1-8b", "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["benchmark"][0].startswith("vllm serve MODEL ")
    assert "MODEL in the commands stands for files of Llama-3.1-8B: BF16." in figures["notes"]


def test_what_is_assumed_of_a_device_is_told(told):
    _, figures = told("Qwen/Qwen3-0.6B", "--device", "rtx-3060-12gb", "--chips", "2")

    assert "Assumed of the device: products in BF16 are as fast as in FP16." in figures["notes"]
    assert "Assumed of the device: devices exchange 32.0 GB/s each way." in figures["notes"]


def test_heads_that_do_not_divide_among_devices_are_told(told):
    _, figures = told("Qwen/Qwen2.5-7B", "--device", "h100", "--chips", "3")

    assert "28 heads do not divide evenly among 3 devices: stacks with tensor parallelism refuse that." in figures["notes"]


def test_a_model_is_known_by_its_name(capsys):
    assert main(["estimate", "--model", "meta-llama/Llama-3.1-8B-Instruct", "--device", "h100", "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["model"] == "Llama-3.1-8B"
    assert any("taken to be as released, BF16" in each for each in figures["notes"])


@pytest.mark.parametrize(
    ("changes", "arguments", "words"),
    [
        ({"num_hidden_layers": ...}, ("--device", "h100"), "num_hidden_layers is missing"),
        ({"model_type": "mamba2"}, ("--device", "h100"), 'model_type is "mamba2"; known are'),
        ({}, ("--device", "abacus"), "No device 'abacus' is known"),
        ({}, ("--device", "esp32-s3"), "is a microcontroller"),
        ({}, ("--device", "a100", "--weights", "fp8"), "has no known peak for FP8 weights and activations; --weights takes bf16"),
        ({}, ("--device", "h200", "--weights", "w8a8"), "has no known peak for INT8 weights and activations"),
        ({}, ("--device", "h100", "--prompt", "200000"), "Prompt and output have 200,128 tokens together; llama was made for 131,072"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(changes, arguments, words, told):
    status, said = told("meta-llama/Llama-3.1-8B", *arguments, changes=changes, as_json=False)

    assert status == 2
    assert words in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--model", "no-such-model", "--device", "h100"), "No model 'no-such-model' is known; known are"),
        (("--model", "/no/such/config.json", "--device", "h100"), "cannot be read"),
        (("--model", "/dev/zero", "--device", "h100"), "larger than 4 MB"),
    ],
)
def test_a_model_that_cannot_be_read_is_named(arguments, words, capsys):
    assert main(["estimate", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--chips", "0"), ("--batch", "1.5"), ("--prompt", "-1"), ("--output", "1e3"), ("--kv", "int3")])
def test_a_count_that_cannot_be_is_refused(arguments):
    with pytest.raises(SystemExit) as caught:
        main(["estimate", "--model", "llama-3-8b", "--device", "h100", *arguments])

    assert caught.value.code == 2
