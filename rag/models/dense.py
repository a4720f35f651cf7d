"""Dense layers in three number formats: float32, bfloat16, and 8-bit integers with one scale for each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor

Precision = Literal["float32", "bfloat16", "int8"]
Dense = Callable[["Tensor"], "Tensor"]

_LARGEST = 127


def dense(weight: Tensor, bias: Tensor, *, precision: Precision) -> Dense:
    """Return ``x ↦ x · weightᵀ + bias`` in the precision.

    Args:
        weight: Shape ``(n_out, n_in)``, float32.
        bias: Shape ``(n_out,)``, float32.
        precision: Number format of the product.
    """
    if precision == "int8":
        return _Int8(weight, bias)
    return _Float(weight, bias, precision=precision)


class _Float:
    """The product in the format of the weights, which is the format of what comes in."""

    def __init__(self, weight: Tensor, bias: Tensor, *, precision: Precision) -> None:
        import torch

        kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
        self._weight = weight.to(kind).contiguous()
        self._bias = bias.to(kind).contiguous()

    def __call__(self, x: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.linear(x, self._weight, self._bias)


class _Int8:
    """The product of 8-bit integers; float32 comes in and goes out.

    Weights are scaled by output, activations by row, so that what a token becomes does not depend on its neighbours
    in the batch.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        import torch

        self._scale = weight.abs().amax(1).clamp(min=torch.finfo(torch.float32).tiny) / _LARGEST
        self._weight = (weight / self._scale[:, None]).round().to(torch.int8).t()
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        import torch

        scale = x.abs().amax(1, keepdim=True).clamp_(min=torch.finfo(torch.float32).tiny) / _LARGEST
        rows = (x / scale).round_().to(torch.int8)
        product = torch._int_mm(rows, self._weight)  # noqa: SLF001 - torch's only 8-bit product without a scale
        return torch.addcmul(self._bias, product.float().mul_(scale), self._scale)
