"""Rooflab: the performance of machine-learning systems, as a model and as a laboratory.

The model needs NumPy only. A scenario is what cannot be changed, a design what can:

>>> from rooflab.evaluate import BOUNDS, evaluate, sweep
>>> from rooflab.tracks import track
>>> scenario = track("cloud-titan").scenario(0)
>>> crisis = evaluate(scenario, scenario.crisis)
>>> round(float(crisis.kv_time_fraction), 2), BOUNDS[int(crisis.bound)]
(0.8, 'memory')

Every value of a design may be an array, so one call evaluates a whole space of designs:

>>> import numpy as np
>>> grid = scenario.crisis.replace(
...     batch=np.arange(1, 257)[:, None], attention_kernel=np.array(["eager", "fused"])
... )
>>> rates = sweep(scenario, grid, figures=("tokens_per_s",))["tokens_per_s"]
>>> rates.shape, bool(np.all(rates[:, 1] > rates[:, 0]))
((256, 2), True)

What a source states is one step away, and what nobody states is called an assumption:

>>> scenario.device("a100-sxm-80gb").source_of("hbm_bytes_per_s").name
'NVIDIA A100 Tensor Core GPU datasheet'

Published measurements and how far the model is from them: `python -m rooflab grade`.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
