"""How a checkpoint stores its weights: the `quantization_config` of a configuration."""

import re
from dataclasses import replace
from typing import Any, NamedTuple

from rooflab.checkpoints.fields import Fields, shown
from rooflab.errors import BadCheckpoint
from rooflab.specs import WEIGHT_SCHEMES, Precision, WeightScheme

__all__ = ["FP8_BLOCKS", "MXFP4", "Storage", "storage_of"]

MXFP4 = WeightScheme(
    id="w4a16", name="MXFP4 weights only", storage=Precision.FP4, compute=Precision.BF16, group_bytes=1 / 32
)
"""Blocks of 32 share a scale of one byte; activations stay in 16 bits."""

FP8_BLOCKS = replace(WEIGHT_SCHEMES["fp8"], group_bytes=4 / 128**2)
"""Blocks of 128 x 128 share a scale of 32 bits."""

_LEFT_OUT = ("modules_to_not_convert", "ignore", "exclude_modules", "ignored_layers")
_ATTENTION = re.compile(r"self_attn\W*($|.*proj)")
_SHARED = re.compile(r"shared_expert(s?)\W*($|.*proj)")


class Storage(NamedTuple):
    """How weights are stored, and whether attention and shared experts are stored so too."""

    scheme: WeightScheme
    attention: bool = True
    shared: bool = True


def storage_of(fields: Fields) -> Storage:
    """Return how the weights of the configuration `fields` are stored; BF16 without a `quantization_config`.

    Raises:
        BadCheckpoint: the method, or its number of bits, is not known here.
    """
    if not fields.has("quantization_config"):
        fields.note("quantization_config is not in the file; weights are taken to be in BF16.")
        return Storage(WEIGHT_SCHEMES["bf16"])
    config = fields.inner("quantization_config")
    method = config.word("quant_method", default=None) or _method_without_name(config)
    if method not in _METHODS:
        raise BadCheckpoint(f"{config.path}quant_method is {shown(method)}; {', '.join(sorted(_METHODS))} are known here.")
    kept = [each for name in _LEFT_OUT for each in config.words(name) if "vision" not in each]
    return Storage(
        _METHODS[method](config),
        attention=not any(_ATTENTION.search(each) for each in kept),
        shared=not any(_SHARED.search(each) for each in kept),
    )


def _method_without_name(config: Fields) -> str:
    if config.has("quant_algo"):
        return "modelopt"
    raise BadCheckpoint(f"{config.path}quant_method is missing; {', '.join(sorted(_METHODS))} are known here.")


def _fp8(config: Fields) -> WeightScheme:
    """Return FP8 with, if the file says so, a 32-bit scale for each block."""
    block: Any = config.values.get("weight_block_size")
    if block is None:
        return WEIGHT_SCHEMES["fp8"]
    if not (isinstance(block, list) and len(block) == 2 and all(type(each) is int and each > 0 for each in block)):
        raise BadCheckpoint(f"{config.path}weight_block_size must be two whole numbers from 1; got {shown(block)}.")
    return replace(WEIGHT_SCHEMES["fp8"], group_bytes=4 / (block[0] * block[1]))


def _mxfp4(_config: Fields) -> WeightScheme:
    """Return MXFP4, which has no parameters."""
    return MXFP4


def _grouped(config: Fields) -> WeightScheme:
    """Return weights of AWQ or GPTQ: a 16-bit scale and a zero point for each group."""
    bits = config.count("w_bit" if config.has("w_bit") else "bits", most=64)
    return _integer(config, bits, group=_group(config, "group_size"), zero_point=True)


def _compressed(config: Fields) -> WeightScheme:
    """Return the one weight format of a compressed-tensors configuration."""
    groups = config.inner("config_groups")
    if len(groups.values) != 1:
        raise BadCheckpoint(f"{groups.path[:-1]} has {len(groups.values)} groups; one format for all layers is accepted.")
    group = groups.inner(next(iter(groups.values)))
    weights = group.inner("weights")
    bits = weights.count("num_bits", most=64)
    kind = weights.word("type", default="int")
    if kind == "float" and bits == 8:
        return WEIGHT_SCHEMES["fp8"]
    if kind == "float" and bits == 4:
        return _nvfp4(weights)
    if kind == "int" and bits == 8 and group.has("input_activations"):
        return WeightScheme(id="w8a8", name="INT8 weights and activations", storage=Precision.INT8, compute=Precision.INT8)
    if kind == "int":
        return _integer(weights, bits, group=_group(weights, "group_size"), zero_point=not weights.flag("symmetric", default=True))
    raise BadCheckpoint(f"{weights.path}type is {shown(kind)} of {bits} bits; int of 4 or 8 and float of 4 or 8 are known here.")


def _modelopt(config: Fields) -> WeightScheme:
    """Return FP8 or NVFP4, by the algorithm that ModelOpt names."""
    algorithm = config.word("quant_algo")
    if algorithm == "FP8":
        return WEIGHT_SCHEMES["fp8"]
    if algorithm == "NVFP4":
        return _nvfp4(config)
    raise BadCheckpoint(f"{config.path}quant_algo is {shown(algorithm)}; FP8 and NVFP4 are known here.")


def _nvfp4(config: Fields) -> WeightScheme:
    """Return NVFP4: blocks of 16, if the file does not say another size, share a scale of one byte."""
    group = config.count("group_size", default=16)
    return WeightScheme(
        id="fp4", name="NVFP4 weights and activations", storage=Precision.FP4, compute=Precision.FP4, group_bytes=1 / group
    )


def _integer(config: Fields, bits: int, *, group: int | None, zero_point: bool) -> WeightScheme:
    storage = {4: Precision.INT4, 8: Precision.INT8}.get(bits)
    if storage is None:
        raise BadCheckpoint(f"{config.path}bits is {bits}; 4 and 8 are known here.")
    scale = 2.0 + (bits / 8 if zero_point else 0.0)
    return WeightScheme(
        id=f"w{bits}a16",
        name=f"INT{bits} weights only",
        storage=storage,
        compute=Precision.BF16,
        group_bytes=scale / group if group else 0.0,
    )


def _group(config: Fields, name: str) -> int | None:
    """Return the weights that share a scale; None where a whole column does (-1 or null)."""
    if config.values.get(name) in (-1, None):
        return None
    return config.count(name)


_METHODS = {
    "awq": _grouped,
    "compressed-tensors": _compressed,
    "fbgemm_fp8": _fp8,
    "fp8": _fp8,
    "gptq": _grouped,
    "modelopt": _modelopt,
    "modelopt_fp4": _modelopt,
    "mxfp4": _mxfp4,
}
