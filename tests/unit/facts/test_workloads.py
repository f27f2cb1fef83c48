"""Models by the names that people use, and their sizes to the last parameter."""

import pytest

from rooflab.errors import FactError
from rooflab.facts import workload_sources
from rooflab.facts.workloads import WORKLOADS, workload
from tests.unit.checkpoints.models import read


@pytest.mark.parametrize("each", WORKLOADS, ids=lambda each: each.id)
def test_a_model_is_found_by_its_id_and_its_name(each):
    assert workload(each.id) is workload(each.name.upper()) is each


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("meta-llama/Llama-2-70b-chat-hf", "llama-2-70b"),
        ("meta-llama/Meta-Llama-3-8B-Instruct", "llama-3-8b"),
        ("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"),
        ("Llama 3.3 70B", "llama-3.1-70b"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b"),
        ("gpt-oss:120b", "gpt-oss-120b"),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507", "qwen3-235b-a22b"),
        ("deepseek-ai/DeepSeek-R1-0528", "deepseek-v3"),
        ("deepseek-ai/DeepSeek-V3-0324", "deepseek-v3"),
        ("mosaicml/mpt-7b-chat", "mpt-7b"),
    ],
)
def test_a_model_is_found_by_the_names_that_people_use(text, found):
    assert workload(text).id == found


@pytest.mark.parametrize("text", ["", "deepseek-v2", "llama-3.1-405b", "qwen3-235b-a22b-fp8", "x" * 10_000])
def test_another_size_or_format_is_not_taken_for_a_known_one(text):
    with pytest.raises(FactError, match="No model .* is known; known are .*, and any model by its config.json"):
        workload(text)


def test_the_nearest_name_comes_first():
    with pytest.raises(FactError, match="known are gpt-oss-20b"):
        workload("gpt-oss-21b")


@pytest.mark.parametrize(
    ("model_id", "published"),
    [
        ("llama-3.1-8b", "meta-llama/Llama-3.1-8B"),
        ("llama-3.1-70b", "meta-llama/Llama-3.1-70B"),
        ("llama-2-7b", "meta-llama/Llama-2-7b-hf"),
        ("llama-2-70b", "meta-llama/Llama-2-70b-hf"),
        ("mixtral-8x7b", "mistralai/Mixtral-8x7B-v0.1"),
        ("deepseek-v3", "deepseek-ai/DeepSeek-V3"),
        ("qwen3-235b-a22b", "Qwen/Qwen3-235B-A22B"),
        ("gpt-oss-20b", "openai/gpt-oss-20b"),
        ("gpt-oss-120b", "openai/gpt-oss-120b"),
    ],
)
def test_a_record_is_what_its_configuration_says(model_id, published):
    record, other = workload(model_id), read(published).workload

    assert record.params_count == other.params_count
    assert record.active_params_count == other.active_params_count
    assert (record.sliding_window, record.windowed_layers) == (other.sliding_window, other.windowed_layers)
    assert record.cached_elements == other.cached_elements


def test_mpt_adds_up_to_the_figure_of_its_makers():
    # 32 layers of 4 x 4096^2 in attention and 2 x 4 x 4096^2 in the MLP, one table, norms without biases
    assert workload("mpt-7b").params_count == 32 * 12 * 4096**2 + 50432 * 4096 + 65 * 4096
    assert workload("mpt-7b").params_count == pytest.approx(6.65e9, abs=0.005e9)


def test_a_source_names_its_address():
    found = [getattr(workload_sources, name) for name in workload_sources.__all__]

    assert len({each.id for each in found}) == len(found)
    assert all(each.url.startswith("https://") and each.date for each in found)
