"""Dense layers in four number formats.

float32; bfloat16; 8-bit integers scaled as the inputs come; and 8-bit integers whose scales were measured before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from rag.models.machine import fast_bfloat16, fast_int8

if TYPE_CHECKING:
    from torch import Tensor, dtype

Precision = Literal["float32", "bfloat16", "int8", "measured-int8"]
Dense = Callable[["Tensor"], "Tensor"]

_LARGEST = 127


# How the size of an input's steps is shared between the inputs and the weights that they meet: 0 leaves the inputs as
# they are, 1 gives each its own range (Xiao et al. 2022, SmoothQuant, https://arxiv.org/abs/2211.10438). Of 0.5, 0.65,
# 0.8 and 1 the hidden states of a reader came nearest to the exact ones with 0.8: cosine 0.998.
_SMOOTH = 0.8


def dense(
    weight: Tensor, bias: Tensor, *, precision: Precision, largest: Tensor | None = None, gelu: bool = False
) -> Dense:
    """Return ``x ↦ x · weightᵀ + bias`` in the precision, and GELU of that where it is asked for.

    Args:
        weight: Shape ``(n_out, n_in)``, float32.
        bias: Shape ``(n_out,)``, float32.
        precision: Number format of the product.
        largest: For ``measured-int8``, the largest size that each input takes, shape ``(n_in,)``.
        gelu: Whether GELU follows.
    """
    import torch

    if precision == "measured-int8" and largest is not None:
        return _MeasuredInt8(weight, bias, largest, gelu=gelu)
    if activations(precision) == torch.bfloat16 and fused_bfloat16():
        return _FusedBfloat16(weight, bias, gelu=gelu)
    product = _Int8(weight, bias) if precision == "int8" else _Float(weight, bias, precision=precision)
    return _Gelu(product) if gelu else product


def activations(precision: Precision) -> dtype:
    """Return the format of what goes from layer to layer in a precision.

    Between 8-bit products that is bfloat16 where the processor has it: half of the memory to move. Elsewhere every
    step of it would be translated.
    """
    import torch

    halved = precision == "bfloat16" or (precision == "measured-int8" and fast_bfloat16())
    return torch.bfloat16 if halved else torch.float32


def measured_int8() -> bool:
    """Return whether this build of torch has the product of ``measured-int8``."""
    import torch

    return hasattr(torch.ops.onednn, "qlinear_pointwise") and hasattr(torch.ops.onednn, "qlinear_prepack")


def fused_bfloat16() -> bool:
    """Return whether this build of torch has the product of bfloat16 with what follows it in one."""
    import torch

    offered = all(hasattr(torch.ops.mkldnn, name) for name in ("_linear_pointwise", "_reorder_linear_weight"))
    return offered and fast_bfloat16() and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001


class _Gelu:
    def __init__(self, product: Dense) -> None:
        self._product = product

    def __call__(self, x: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.gelu(self._product(x))


class _Float:
    """The product in the format of the weights, which is the format of what comes in."""

    def __init__(self, weight: Tensor, bias: Tensor, *, precision: Precision) -> None:
        kind = activations(precision)
        self._weight = weight.to(kind).contiguous()
        self._bias = bias.to(kind).contiguous()

    def __call__(self, x: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.linear(x, self._weight, self._bias)


class _FusedBfloat16:
    """The product of bfloat16 with bias and GELU in one operation, over weights that were laid out for it once."""

    def __init__(self, weight: Tensor, bias: Tensor, *, gelu: bool) -> None:
        import torch

        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight.to(torch.bfloat16).contiguous(), None)  # noqa: SLF001
        self._bias = bias.to(torch.bfloat16).contiguous()
        # The second word names the exact GELU, not the one by tanh.
        self._after = ("gelu", "none") if gelu else ("none", "")

    def __call__(self, x: Tensor) -> Tensor:
        import torch

        name, kind = self._after
        product: Tensor = torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, name, [], kind)  # noqa: SLF001
        return product


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


class _MeasuredInt8:
    """The product of 8-bit integers whose scales were measured on examples; `activations` come in and go out.

    Each input has a scale of its own, which the weights take back, so that a few large inputs do not leave the others
    without digits. All scales are fixed: what a token becomes does not depend on its neighbours in the batch.
    """

    def __init__(self, weight: Tensor, bias: Tensor, largest: Tensor, *, gelu: bool) -> None:
        import torch

        # Without an instruction for it, two products are added in 16 bits: whole steps of both would not fit there.
        self._middle = _LARGEST + 1 if fast_int8() else _LARGEST // 2 + 1
        reach = largest.clamp(min=1e-3) ** _SMOOTH / weight.abs().amax(0).clamp(min=1e-5) ** (1 - _SMOOTH)
        step = reach * ((largest / reach).max() / (self._middle - 1))
        shared = weight * step
        self._scale = shared.abs().amax(1).clamp(min=torch.finfo(torch.float32).tiny) / _LARGEST
        rows = (shared / self._scale[:, None]).round().to(torch.int8)
        self._weight = torch.ops.onednn.qlinear_prepack(rows, None)
        self._no_offsets = torch.zeros(len(bias), dtype=torch.int32)
        self._bias = bias
        self._per_step = 1 / step
        self._after = "gelu" if gelu else "none"
        self._kind = activations("measured-int8")

    def __call__(self, x: Tensor) -> Tensor:
        import torch

        # The product takes numbers from 0 to 255, or to 127, of which the one in the middle means nothing.
        # And a half, because what follows cuts instead of rounding.
        nothing = torch.full((), self._middle + 0.5, device=x.device)
        steps = torch.addcmul(nothing, x.float(), self._per_step).clamp_(0, 2 * self._middle - 1).to(torch.uint8)
        product: Tensor = torch.ops.onednn.qlinear_pointwise(
            steps, 1.0, self._middle, self._weight, self._scale, self._no_offsets, self._bias, 1.0, 0, self._kind,
            self._after, [], "none",
        )  # fmt: skip
        return product
