"""What can be seen of a model that writes images pixel by pixel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.generation.steps import Step
from genlab.layers.causal import CausalConv2d, column_causal, row_causal
from genlab.layers.masked import MaskedConv2d
from genlab.layers.position import position_code as code
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.causal_image import CachedStepper
from genlab.models.masked_lenet import MaskedLeNet
from genlab.models.pixelcnn import PixelCNN
from genlab.models.row_lstm import RowLSTM
from genlab.views.seen import Seen, floats

FLOOR = 12.0  # nats: a log-probability below −FLOOR is drawn as impossible
KERNEL = 5
IMAGES, SEED = 4, 1  # on which influence is measured
SPECK = 3  # pixels: less ink than that is no stroke


@torch.inference_mode()
def trace_arrays(steps: Iterable[Step], focus: int = 0) -> dict[str, np.ndarray]:
    """What the player shows of S consecutive steps of a generation of n images.

    Arguments:
        focus: the image whose posteriors are kept whole.

    Returns:
        ``positions`` int32 (S,); ``values`` and ``known`` uint8 (S, n); ``log_probs`` uint8 (S, levels), 255 for
        certain and 0 for −FLOOR nats or less; ``entropy`` and ``surprise`` in nats and ``expected`` in levels, float32
        (S, n).

    Raises:
        ValueError: no step.
    """
    taken = list(steps)
    if not taken:
        raise ValueError("there is no step to show")
    log_probs = torch.stack([step.log_probs for step in taken])  # (S, n, levels)
    values = torch.stack([step.value for step in taken])  # (S, n)
    probs = log_probs.exp()
    levels = torch.arange(log_probs.shape[2], dtype=probs.dtype, device=probs.device)
    shade = 255 * (1 + log_probs[:, focus].clamp(-FLOOR, 0) / FLOOR)
    return {
        "positions": np.array([step.position for step in taken], np.int32),
        "values": values.to(torch.uint8).cpu().numpy(),
        "known": torch.stack([step.known for step in taken]).to(torch.uint8).cpu().numpy(),
        "log_probs": shade.round().to(torch.uint8).cpu().numpy(),
        "entropy": floats(torch.special.entr(probs).sum(2)),
        "surprise": floats(-log_probs.gather(2, values.unsqueeze(2)).squeeze(2)),
        "expected": floats(probs @ levels),
    }


def receptive_field(
    model: AutoregressiveImage, position: int, images: Tensor | None = None, labels: Tensor | None = None
) -> Seen:
    """How strongly each pixel moves the prediction at a position: mean absolute gradient of its logits, measured.

    How strong that is depends on the image; what can be reached at all does not, and is told by noise, in which no
    unit is silent for all images.

    Arguments:
        images: levels (n, 1, size, size) on which it is measured, known up to the position; drawn by the model if None.
        labels: their classes, of a class-conditional model.

    Returns:
        ``field`` float32 (size, size), 1 at the strongest pixel; ``seen`` uint8 (size, size), 1 where anything arrives,
        however weakly.

    Raises:
        ValueError: a position outside the image.
    """
    place(model, position)
    if images is None:
        begin = torch.Generator().manual_seed
        labels = torch.randint(CLASSES, (IMAGES,), generator=begin(SEED)) if model.conditional else None
        images = model.sample(IMAGES, generator=begin(SEED), labels=labels)
    return moved(model, position, lambda x, given: model.predict_at(x, given, position), images, labels)


def moved(
    model: AutoregressiveImage,
    position: int,
    predict: Callable[[Tensor, Tensor | None], Tensor],
    images: Tensor,
    labels: Tensor | None = None,
) -> Seen:
    """As ``receptive_field`` says, of any prediction.

    Arguments:
        predict: of levels (n, 1, size, size) in floating point and their classes: logits (n, levels) at the position.
    """
    generator = torch.Generator().manual_seed(0)
    weight = next(model.parameters())
    noise = torch.rand(8, 1, model.size, model.size, generator=generator) * (model.levels - 1)
    classes = torch.arange(8, device=weight.device) % CLASSES if model.conditional else None
    # A random direction: the plain sum of the logits could have no gradient where its parts have one.
    direction = torch.randn(model.levels, generator=generator).to(weight)

    def gradient(x: Tensor, given: Tensor | None) -> Tensor:
        x = x.to(weight.device, weight.dtype).requires_grad_()
        with torch.enable_grad():
            (found,) = torch.autograd.grad((predict(x, given) @ direction).sum(), x)
        return found.abs().mean((0, 1))

    field, seen = gradient(images, labels), gradient(noise, classes) > 0
    row, column = place(model, position)
    arrays = {"field": floats(field / field.max().clamp_min(1e-30)), "seen": seen.to(torch.uint8).cpu().numpy()}
    return Seen({"row": row, "column": column}, arrays)


@torch.no_grad()
def attention(model: AutoregressiveImage, position: int) -> Seen:
    """What the attention of each layer looks at from a position, in an image that the model draws.

    Returns:
        ``image`` float32 (size, size), its levels from 0 to 1; ``weights`` float32 (layers, size, size), each with sum
        1, 0 after the position: the mean over the heads. ``meta`` has ``row``, ``column``, and ``after``, the blocks
        that the layers follow, counted from 1.

    Raises:
        ValueError: a position outside the image, or a model without attention.
    """
    row, column = place(model, position)
    layers: dict[str, Any] = dict(getattr(model, "attention", {}).items())
    if not layers:
        raise ValueError("this model has no attention")
    seen = dict[str, Tensor]()

    def keep(name: str) -> Any:
        return lambda layer, inputs, _output: seen.__setitem__(name, layer.weights(*inputs, position).mean(1)[0])

    generator = torch.Generator().manual_seed(SEED)
    labels = torch.randint(CLASSES, (1,), generator=generator) if model.conditional else None
    image = model.sample(1, generator=generator, labels=labels)
    hooks = [layer.register_forward_hook(keep(name)) for name, layer in layers.items()]
    try:
        model.logits(image, None if labels is None else labels.to(image.device))
    finally:
        for hook in hooks:
            hook.remove()
    weights = torch.stack([seen[name] for name in layers]).unflatten(1, (model.size, model.size))
    return Seen(
        {"row": row, "column": column, "after": [int(name) + 1 for name in layers]},
        {"image": floats(image[0, 0] / (model.levels - 1)), "weights": floats(weights)},
    )


def blind_spot(model: AutoregressiveImage, layers: int = 4, size: int = 28) -> Seen:  # noqa: ARG001
    """The receptive field of the centre pixel through one stack of masked 5×5 convolutions, and through two stacks.

    Both are linear with positive weights of their own, so that a path is seen wherever there is one. Nothing of the
    model is used: on its own image, which may be small, the blind spot would lie outside.

    Returns:
        ``one`` and ``two`` float32 (size, size), the gradient of the centre's output, 1 at its largest; ``past`` uint8
        (size, size), 1 where a pixel before the centre is within reach of both.
    """
    centre = size // 2
    one = [MaskedConv2d(1, 1, KERNEL, hidden=i == 0) for i in range(layers)]
    vertical = [row_causal(1, 1, KERNEL, hidden=i == 0) for i in range(layers)]
    horizontal = [column_causal(1, 1, KERNEL, hidden=i == 0) for i in range(layers)]

    def field(*stacks: list[Any]) -> Tensor:
        x = torch.zeros(1, 1, size, size, requires_grad=True)
        y = torch.zeros(())
        for stack in stacks:
            for conv in stack:
                nn.init.constant_(conv.weight, 1 / conv.weight.numel())
            y = y + nn.Sequential(*stack)(x)[0, 0, centre, centre]
        (gradient,) = torch.autograd.grad(y, x)
        return gradient[0, 0] / gradient.max().clamp_min(1e-30)

    rows, columns = torch.arange(size).view(-1, 1) - centre, torch.arange(size) - centre
    reach = layers * (KERNEL // 2)
    past = ((rows < 0) | ((rows == 0) & (columns < 0))) & (rows >= -reach) & (columns.abs() <= reach)
    return Seen(
        {"layers": layers, "kernel": KERNEL, "row": centre, "column": centre},
        {
            "one": floats(field(one)),
            "two": floats(field(vertical, horizontal)),
            "past": past.to(torch.uint8).numpy(),
        },
    )


def triangle(model: AutoregressiveImage, layers: int = 1, size: int = 28) -> Seen:  # noqa: ARG001
    """The receptive fields of the centre pixel through Row LSTMs on top of each other, and through a PixelCNN.

    Both have random weights of their own: what can be reached is no matter of training. Nothing of the model is used.

    Returns:
        ``row_lstm`` and ``pixelcnn`` uint8 (size, size), 1 where a pixel has a gradient; ``meta`` has the centre.
    """
    centre = size // 2
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        models = {"row_lstm": RowLSTM(size, 2, channels=4, layers=layers), "pixelcnn": PixelCNN(size, 2)}
    paper = torch.zeros(1, 1, size, size, dtype=torch.long)
    position = centre * size + centre
    # In float64: what has come through every gate of many rows is small, and no zero.
    fields = {name: receptive_field(own.double(), position, paper).arrays["seen"] for name, own in models.items()}
    return Seen({"layers": layers, "row": centre, "column": centre}, fields)


def kernels(model: AutoregressiveImage) -> Seen:
    """Which places the kernels of a model read, about the place that they write, and the masks of a single stack.

    Returns:
        ``masked`` uint8 (2, K, K): masks A and B, 1 where a weight is kept, 0 where it is multiplied by zero. ``read``
        uint8 (layers, S, S): 1 where a layer of the model reads, the place that it writes in the middle, by the
        gradient of its output with respect to its input; layers of one tap are left out. ``meta`` has ``names``.

    Raises:
        ValueError: a model that is not made of causal convolutions.
    """
    layers = [(name, layer) for name, layer in _causal(model).items() if max(layer.kernel_size) > 1]
    far = max(max(layer.above + layer.shift[0], layer.left + layer.shift[1], layer.right) for _, layer in layers)
    read = []
    for _, layer in layers:
        x = torch.zeros(1, layer.in_channels, 2 * far + 1, 2 * far + 1).to(layer.weight).requires_grad_()
        (gradient,) = torch.autograd.grad(layer(x)[0, :, far, far].sum(), x)
        read.append(_arrives(gradient))
    both = [MaskedConv2d(1, 1, KERNEL, hidden=hidden).mask for hidden in (True, False)]
    arrays = {"masked": torch.stack(both).to(torch.uint8).numpy(), "read": np.stack(read)}
    return Seen({"names": [name for name, _ in layers]}, arrays)


def prediction_path(model: AutoregressiveImage, position: int) -> Seen:
    """Through which places of all layers the pixels reach one prediction: wherever its logits have a gradient.

    Returns:
        ``image`` uint8 (size, size): 1 where a pixel reaches it through the vertical stack, 2 through the horizontal
        one, 3 through both, 0 not at all; ``maps`` uint8 (layers, size, size), 1 where the layer's output is on the
        path. ``meta`` has ``names`` of the layers, ``row`` and ``column``.

    Raises:
        ValueError: a position outside the image, or a model that is not made of causal convolutions.
    """
    row, column = place(model, position)
    layers, outputs = _causal(model), dict[str, Tensor]()

    def keep(name: str) -> Any:
        return lambda _layer, _inputs, output: outputs.__setitem__(name, output)

    generator = torch.Generator().manual_seed(0)
    weight = next(model.parameters())
    x = (torch.rand(8, 1, model.size, model.size, generator=generator) * (model.levels - 1)).to(weight).requires_grad_()
    classes = torch.arange(8, device=weight.device) % CLASSES if model.conditional else None
    hooks = [layer.register_forward_hook(keep(name)) for name, layer in layers.items()]
    try:
        logits = model.predict_at(x, classes, position)
    finally:
        for hook in hooks:
            hook.remove()
    direction = torch.randn(model.levels, generator=generator).to(weight)
    names = [name for name in outputs if not name.startswith("out")]  # a step within the horizontal stack
    upstream = torch.autograd.grad((logits @ direction).sum(), [outputs[name] for name in names], retain_graph=True)
    image = np.zeros((model.size, model.size), np.uint8)
    for name, gradient in zip(names, upstream, strict=True):
        if any(layers[name].shift):  # of a first layer, which sees the image
            (reached,) = torch.autograd.grad(outputs[name], x, gradient, retain_graph=True)
            image |= _arrives(reached) << name.startswith("horizontal")
    maps = np.stack([_arrives(gradient) for gradient in upstream])
    return Seen({"names": names, "row": row, "column": column}, {"image": image, "maps": maps})


def _causal(model: AutoregressiveImage) -> dict[str, CausalConv2d]:
    """Its causal convolutions, named as the sampler's are. Raises ValueError where it has none."""
    layers = {}
    for path, layer in model.named_modules():
        found = re.fullmatch(r"(?:blocks\.(\d+)\.)?([a-z]+)(\d*)", path)
        if isinstance(layer, CausalConv2d) and found:
            block, kind, number = found.groups()
            number = str(int(block) + 1) if block else number
            layers[f"{kind} {number}" if number else f"{kind}, first"] = layer
    if not layers:
        raise ValueError("this model is not made of causal convolutions")
    return layers


def _arrives(gradient: Tensor) -> np.ndarray:
    """uint8 (H, W) of gradients (N, C, H, W): 1 where any is not zero."""
    some: np.ndarray = (gradient != 0).any(0).any(0).to(torch.uint8).cpu().numpy()
    return some


def position_code(model: AutoregressiveImage, position: int = 0) -> Seen:
    """The positional encoding: ``code`` uint8 (10, size, size), five bits of the row, then five of the column.

    ``meta`` has ``row`` and ``column`` of the position. Raises ValueError outside the image.
    """
    row, column = place(model, position)
    return Seen({"row": row, "column": column}, {"code": code(model.size).to(torch.uint8).numpy()})


def recomputed(model: AutoregressiveImage, position: int) -> Seen:
    """Which activations the sampler computes for one new pixel, recorded while it writes an image up to there.

    Returns:
        ``maps`` uint8 (layers, size, size): 2 computed for this pixel, 1 computed earlier and not again, 0 not yet;
        ``now`` and ``full`` int32 (layers,): positions computed for this pixel, and by a full pass. ``meta`` has
        ``names`` of the layers, and ``work`` and ``full_work``: multiplications for this pixel and in a full pass.

    Raises:
        ValueError: a position outside the image, or a model without causal convolutions.
    """
    row, column = place(model, position)
    device, size = next(model.parameters()).device, model.size
    stepper = model.stepper(1, torch.zeros(1, dtype=torch.long, device=device) if model.conditional else None)
    if not isinstance(stepper, CachedStepper):
        raise ValueError("this is shown of causal convolutions alone: this model has none")
    x = torch.zeros(1, 1, size, size, dtype=torch.long, device=device)
    maps = np.zeros((len(stepper.parts), size, size), np.uint8)
    now = np.zeros(len(maps), np.int32)
    with torch.inference_mode():
        for t in range(position + 1):
            for part in stepper.parts.values():
                part.computed = []
            stepper(t, x)
            for i, part in enumerate(stepper.parts.values()):
                now[i] = sum(part.computed or [])
                # Whole rows come from the vertical stack, single positions from the horizontal one.
                r, c = divmod(t, size)
                columns = slice(None) if now[i] == size else slice(c, c + int(now[i]))
                maps[i, r, columns] = 2 if t == position else 1
    work = np.array([part.weight.numel() for part in stepper.parts.values()])
    full = np.full(len(maps), size**2, np.int32)
    return Seen(
        {
            "names": list(stepper.parts),
            "row": row,
            "column": column,
            "work": int(work @ now),
            "full_work": int(work @ full),
        },
        {"maps": maps, "now": now, "full": full},
    )


@torch.inference_mode()
def masks(model: AutoregressiveImage, position: int, image: np.ndarray | None = None) -> Seen:
    """The two channels that the masked-input network sees before it predicts a position.

    Arguments:
        image: integer levels (size, size); without it a ramp from 0 to the last level.

    Returns:
        ``mask`` uint8 (size, size), 1 where known, and ``values`` float32 (size, size), 0 where unknown.

    Raises:
        ValueError: a position outside the image, an image that does not fit, or a model without masked input.
    """
    row, column = place(model, position)
    if model.one_pass:
        raise ValueError("this model has no masked input")
    if image is None:
        image = np.linspace(0, model.levels - 1, model.size**2).astype(np.int64).reshape(model.size, model.size)
    device = next(model.parameters()).device
    x = torch.as_tensor(image, device=device)[None, None]
    model.check(x)
    mask, values = cast(MaskedLeNet, model).masked(x, torch.tensor([position], device=device))[0]
    return Seen({"row": row, "column": column}, {"mask": mask.to(torch.uint8).cpu().numpy(), "values": floats(values)})


@torch.inference_mode()
def samples(model: AutoregressiveImage, seed: int, n: int = 16) -> Seen:
    """Images that a model draws, and into how many pieces their ink falls. The same seed gives the same uniforms.

    Returns:
        ``images`` uint8 (n, size, size); ``pieces`` int32 (n,): groups of dark pixels (above half the range) that touch
        at sides or corners, those of fewer than ``SPECK`` pixels left aside.
    """
    from scipy import ndimage  # with scikit-learn; a quarter of a second that only this view needs

    labels = torch.arange(n) % CLASSES if model.conditional else None
    images = model.sample(n, generator=torch.Generator().manual_seed(seed), labels=labels)[:, 0].cpu().numpy()
    groups = [ndimage.label(2 * image >= model.levels, np.ones((3, 3)))[0] for image in images]
    pieces = [int((np.bincount(group.ravel())[1:] >= SPECK).sum()) for group in groups]
    return Seen({"levels": model.levels}, {"images": images.astype(np.uint8), "pieces": np.array(pieces, np.int32)})


def place(model: AutoregressiveImage, position: int) -> tuple[int, int]:
    """Row and column of a position in raster order. Raises ValueError outside the image."""
    if not 0 <= position < model.size**2:
        raise ValueError(f"a position lies between 0 and {model.size**2 - 1}, not at {position}")
    return divmod(position, model.size)
