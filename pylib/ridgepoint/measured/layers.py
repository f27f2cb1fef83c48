"""The layers of two published networks, as far as their costs on a device need them."""

from dataclasses import dataclass

__all__ = ["Layer", "layers_of"]


@dataclass(frozen=True, slots=True)
class Layer:
    """A product of `positions` x `inner` by `inner` x `outputs`, or a pass over elements alone.

    `moved` are the elements that a layer without arithmetic reads and writes.
    """

    positions: int
    inner: int = 0
    outputs: int = 0
    inputs: int = 0  # channels read for each position
    moved: int = 0

    @property
    def flop(self) -> float:
        """Operations for one sample, multiply and add counted separately."""
        return 2.0 * self.positions * self.inner * self.outputs

    @property
    def weights(self) -> float:
        """Elements of the weights, biases apart."""
        return float(self.inner * self.outputs)

    @property
    def elements(self) -> float:
        """Elements read and written for one sample, weights apart."""
        return float(self.positions * (self.inputs + self.outputs) + self.moved)


def layers_of(model: str) -> tuple[Layer, ...] | None:
    """Return the layers of a network that is known by name, in any order; None for others."""
    makers = {"resnet-50": _resnet_50, "yolov8n": _yolov8n}
    return tuple(makers[model]()) if model in makers else None


def _conv(inputs: int, outputs: int, kernel: int, side: int) -> Layer:
    return Layer(
        positions=side * side, inner=inputs * kernel**2, outputs=outputs, inputs=inputs
    )


def _resnet_50() -> list[Layer]:
    """ResNet-50 at 224 (He et al. 2016, arXiv:1512.03385); ReLU and the sum go with the convolution."""
    layers = [_conv(3, 64, 7, 112)]
    inputs = 64
    for middle, outputs, blocks, side in (
        (64, 256, 3, 56),
        (128, 512, 4, 28),
        (256, 1024, 6, 14),
        (512, 2048, 3, 7),
    ):
        for block in range(blocks):
            before = side * 2 if block == 0 and middle > 64 else side
            layers += [
                _conv(inputs, middle, 1, before),
                _conv(middle, middle, 3, side),
                _conv(middle, outputs, 1, side),
            ]
            if block == 0:
                layers.append(_conv(inputs, outputs, 1, side))
            inputs = outputs
    return [*layers, _conv(2048, 1000, 1, 1)]


def _yolov8n() -> list[Layer]:
    """YOLOv8n at 640 (Ultralytics, yolov8.yaml).

    SiLU takes a pass of its own after every convolution but the last ones of the heads, since
    its product with the convolution's result is no epilogue of an engine; concatenations and
    upsampling copy.
    """
    layers: list[Layer] = []

    def conv(inputs: int, outputs: int, kernel: int, side: int, *, activated: bool = True) -> None:
        layers.append(_conv(inputs, outputs, kernel, side))
        if activated:
            copy(outputs, side)

    def copy(channels: int, side: int) -> None:
        layers.append(Layer(positions=0, moved=2 * channels * side * side))

    def c2f(inputs: int, outputs: int, repeats: int, side: int) -> None:
        half = outputs // 2
        conv(inputs, outputs, 1, side)
        for _ in range(2 * repeats):
            conv(half, half, 3, side)
        copy((2 + repeats) * half, side)
        conv((2 + repeats) * half, outputs, 1, side)

    conv(3, 16, 3, 320)
    conv(16, 32, 3, 160)
    c2f(32, 32, 1, 160)
    conv(32, 64, 3, 80)
    c2f(64, 64, 2, 80)
    conv(64, 128, 3, 40)
    c2f(128, 128, 2, 40)
    conv(128, 256, 3, 20)
    c2f(256, 256, 1, 20)
    conv(256, 128, 1, 20)
    for _ in range(3):  # the pools of SPPF
        copy(128, 20)
    copy(512, 20)
    conv(512, 256, 1, 20)
    copy(256, 40)  # upsampled, then joined
    copy(384, 40)
    c2f(384, 128, 1, 40)
    copy(128, 80)
    copy(192, 80)
    c2f(192, 64, 1, 80)
    conv(64, 64, 3, 40)
    copy(192, 40)
    c2f(192, 128, 1, 40)
    conv(128, 128, 3, 20)
    copy(384, 20)
    c2f(384, 256, 1, 20)
    for inputs, side in ((64, 80), (128, 40), (256, 20)):
        for width in (64, 80):
            conv(inputs, width, 3, side)
            conv(width, width, 3, side)
            conv(width, width, 1, side, activated=False)
        copy(144, side)
    layers.append(Layer(positions=0, moved=2 * 144 * 8400))  # boxes from their distributions
    return layers
