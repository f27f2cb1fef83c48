"""Every file that is shipped or built with, by version and sha256: the one place where versions change.

Anything fetched is compared with its hash before it is used, whatever its source.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BROTLI_DECODER", "ESBUILD", "NUMPY", "NUMPY_CARRIER", "PURE_WHEELS", "PYODIDE", "TOOLS", "WABT", "Artifact", "NumpyWheel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One published file: its name, its version, the name it is saved under and its hash."""

    name: str
    version: str
    filename: str
    sha256: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumpyWheel:
    """NumPy for the browser: a file of the Pyodide project, named in its own lock file."""

    version: str
    filename: str
    sha256: str
    licence: str
    url: str  # preferred source; the carrier is used where it cannot be reached


PYODIDE = Artifact(
    name="pyodide",
    version="314.0.4",
    filename="pyodide-314.0.4.tgz",
    sha256="85d930cbff5bcf8bf8f5fb62d5b73d9a1e73f706a8a64c3e527ec980f1d32bd4",
    licence="MPL-2.0",
)

NUMPY = NumpyWheel(
    version="2.4.3",
    filename="numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl",
    sha256="0cad9c1b91f0082e4f959bc0e0bf5835a2efbba6ab3b1e9d1fe6e7e564cca98e",
    licence="BSD-3-Clause",
    url="https://cdn.jsdelivr.net/pyodide/v314.0.4/full/",
)

# A wheel on the Python index that carries the same NumPy file, byte for byte; nothing else of it is used.
NUMPY_CARRIER = Artifact(
    name="open-webui",
    version="0.12.4",
    filename="open_webui-0.12.4-py3-none-any.whl",
    sha256="02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6",
    licence="not shipped",
)

# Unpacks Brotli in browsers that do not.
BROTLI_DECODER = Artifact(
    name="brotli-dec-wasm",
    version="2.3.2",
    filename="brotli-dec-wasm-2.3.2.tgz",
    sha256="5006ea904407e2f44ad6616100de196c39af591b772f764ba66fdd720b5d2ab5",
    licence="MIT OR Apache-2.0",
)

# Pure-Python packages that run in the browser. Wheels with C parts are taken for their Python sources alone.
PURE_WHEELS = (
    Artifact(
        name="bokeh",
        version="3.9.2",
        filename="bokeh-3.9.2-py3-none-any.whl",
        sha256="448e07d5ee78231f5bdece3be020024bb98696c0d6b127e0e2df0b8ba8fa9765",
        licence="BSD-3-Clause",
    ),
    Artifact(
        name="panel",
        version="1.9.4",
        filename="panel-1.9.4-py3-none-any.whl",
        sha256="c89c4c1e728297daf0628ea5070fb0da8ad77781e2a3142d302479537c1de6a4",
        licence="BSD-3-Clause",
    ),
    Artifact(
        name="param",
        version="2.4.2",
        filename="param-2.4.2-py3-none-any.whl",
        sha256="56f56e991d11cdf9fa8248ca3b1c7d5badfd6b4da3b3886b764b95823d270b07",
        licence="BSD-3-Clause",
    ),
    Artifact(
        name="pyviz_comms",
        version="3.0.6",
        filename="pyviz_comms-3.0.6-py3-none-any.whl",
        sha256="4eba6238cd4a7f4add2d11879ce55411785b7d38a7c5dba42c7a0826ca53e6c2",
        licence="BSD-3-Clause",
    ),
    Artifact(
        name="Jinja2",
        version="3.1.6",
        filename="jinja2-3.1.6-py3-none-any.whl",
        sha256="85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67",
        licence="BSD-3-Clause",
    ),
    Artifact(
        name="MarkupSafe",
        version="3.0.4",
        filename="markupsafe-3.0.4-cp314-cp314-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl",
        sha256="a8e9f292fcda89b324f2f5c91d13f1424a153e40fc2756f38ee23b15835ff300",
        licence="BSD-3-Clause",
    ),
    Artifact(
        name="packaging",
        version="26.3",
        filename="packaging-26.3-py3-none-any.whl",
        sha256="d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c",
        licence="Apache-2.0 OR BSD-2-Clause",
    ),
    Artifact(
        name="typing_extensions",
        version="4.16.0",
        filename="typing_extensions-4.16.0-py3-none-any.whl",
        sha256="481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8",
        licence="PSF-2.0",
    ),
    Artifact(
        name="PyYAML",
        version="6.0.3",
        filename="pyyaml-6.0.3-cp314-cp314-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl",
        sha256="c458b6d084f9b935061bc36216e8a69a7e293a2f1e68bf956dcd9e6cbcd143f5",
        licence="MIT",
    ),
    Artifact(
        name="tqdm",
        version="4.70.1",
        filename="tqdm-4.70.1-py3-none-any.whl",
        sha256="c293e525e6fef9c20e8728fd4612df02a0aa31bb5fe91ecd93e123b1b7bffa73",
        licence="MPL-2.0 AND MIT",
    ),
)

# What the build and the tests run with, on the machine and not in the browser.
TOOLS = (
    "axe-playwright-python==0.1.8",
    "bokeh==3.9.2",
    "deflate==0.9.0",
    "hypothesis==6.170.15",
    "numpy==2.4.3",
    "packaging==26.3",
    "panel==1.9.4",
    "param==2.4.2",
    "playwright==1.65.2",
    "pytest==9.2.0",
    "pytest-timeout==2.4.0",
    "pytest-xdist==3.8.0",
    "selenium==4.51.0",
)

# Bundles the page's scripts; npm checks it against the registry's own hash.
ESBUILD = "esbuild@0.25.12"

# Assembles the kernels that measure the learner's machine; not shipped.
WABT = "wabt@1.0.39"
