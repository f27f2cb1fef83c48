"""Public configurations: their shapes have as many parameters as the tensors that were published."""

import pytest

from tests.unit.checkpoints.models import MODELS, read


def test_forty_models_of_twelve_architectures_are_read():
    assert len(MODELS) >= 40
    assert len({each["config"]["model_type"] for each in MODELS.values()}) >= 12
    assert all(each["read_in"].startswith("https://") for each in MODELS.values())


@pytest.mark.parametrize("name", MODELS)
def test_parameters_are_those_of_the_published_tensors(name):
    published = MODELS[name]
    found = read(name).workload

    beside = published.get("beside", 0)  # as beside_is says: a tower for pictures, a table stored twice
    assert abs(found.params_count + beside - published["params"]) <= published.get("within", 0)
    assert found.active_params_count <= found.params_count


@pytest.mark.parametrize("name", [name for name, each in MODELS.items() if "weight_bytes" in each])
def test_stored_bytes_are_those_of_the_published_tensors(name):
    # Kimi K2 keeps 184 kB beside: the balancing biases of its routers have 32 bits.
    assert read(name).weight_bytes == pytest.approx(MODELS[name]["weight_bytes"], rel=1e-6)


@pytest.mark.parametrize(
    ("name", "elements"),
    [
        ("meta-llama/Llama-3.1-8B", 2 * 8 * 128),
        ("mistralai/Mistral-Nemo-Instruct-2407", 2 * 8 * 128),  # heads of 128, where 5120 / 32 would give 160
        ("deepseek-ai/DeepSeek-V3", 512 + 64),  # and not 2 x 128 heads x 128
        ("openai/gpt-oss-120b", 2 * 8 * 64),
    ],
)
def test_a_layer_keeps_what_its_attention_needs(name, elements):
    assert read(name).workload.cached_elements == elements


@pytest.mark.parametrize(
    ("name", "window", "layers"),
    [
        ("mistralai/Mistral-7B-v0.1", 4096, 32),
        ("mistralai/Mistral-7B-v0.3", None, None),
        ("google/gemma-2-9b", 4096, 21),  # every other one of 42
        ("google/gemma-3-1b-it", 512, 22),  # all but the 6th, 12th, 18th and 24th of 26
        ("google/gemma-3-27b-it", 1024, 52),  # all but 10 of 62
        ("openai/gpt-oss-20b", 128, 12),
        ("Qwen/Qwen2.5-7B", None, None),  # has a window, and does not use it
        ("microsoft/Phi-3.5-mini-instruct", None, None),  # its window is longer than its context
    ],
)
def test_windows_are_in_the_layers_that_have_them(name, window, layers):
    found = read(name).workload

    assert (found.sliding_window, found.windowed_layers) == (window, layers)


@pytest.mark.parametrize(
    ("name", "billions"),
    # As their makers round them: A2.7B, A14B, A3B, A22B, A35B, 21B, 37B, 32B active
    [
        ("Qwen/Qwen1.5-MoE-A2.7B", 2.7), ("Qwen/Qwen3-30B-A3B", 3.3), ("Qwen/Qwen3-235B-A22B", 22),
        ("Qwen/Qwen3-Coder-480B-A35B-Instruct", 35), ("deepseek-ai/DeepSeek-V2", 21), ("deepseek-ai/DeepSeek-V3", 37),
        ("moonshotai/Kimi-K2-Instruct", 32), ("microsoft/Phi-3.5-MoE-instruct", 6.6),
    ],
)  # fmt: skip
def test_a_token_uses_as_many_parameters_as_the_makers_say(name, billions):
    shape = read(name).workload
    # Makers count the input table or not, of which a token reads one row.
    least = shape.active_params_count - shape.table_params

    assert least * 0.98 <= billions * 1e9 <= shape.active_params_count * 1.02


def test_what_is_left_out_and_assumed_is_said():
    notes = " ".join(read("google/gemma-3-4b-it").notes)

    assert "text_config; not counted: the vision tower" in notes
    assert "vocab_size is not in the file; 262208 is assumed, as transformers does" in notes
    assert "tie_word_embeddings is not in the file; true is assumed" in notes
    assert "Not counted: 1 layer(s) that predict further tokens" in " ".join(read("deepseek-ai/DeepSeek-V3").notes)


def test_a_workload_names_the_file_that_it_was_read_from():
    found = read("meta-llama/Llama-3.1-8B").workload

    assert found.source_of("layers").name == "config.json"
    assert found.source_of("layers").confidence == "primary"


def test_layers_that_the_file_lists_count_as_listed():
    kinds = ["sliding_attention"] * 30 + ["full_attention"] * 2

    assert read("mistralai/Mistral-7B-v0.1", layer_types=kinds).workload.windowed_layers == 30


def test_a_qwen_that_uses_its_window_has_it_in_the_later_layers():
    found = read("Qwen/Qwen2.5-7B", use_sliding_window=True, max_window_layers=20, sliding_window=4096).workload

    assert (found.sliding_window, found.windowed_layers) == (4096, 28 - 20)


def test_layers_without_experts_have_the_wide_mlp():
    found = read("Qwen/Qwen3-30B-A3B", mlp_only_layers=[0, 1]).workload

    assert (found.dense_layers, found.dense_ffn) == (2, 6144)


def test_an_untied_head_counts_where_the_file_unties_it():
    tied, untied = (read("Qwen/Qwen3-0.6B", tie_word_embeddings=each).workload for each in (True, False))

    assert untied.params_count - tied.params_count == 151936 * 1024
