"""Where an answer went wrong, for the learner: the place in words, and the input that stands behind it."""

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

import torch

from course_utils.checker.compare import as_tensor, describe, is_numeric
from course_utils.checker.snapshot import snapshot

SMALL = 12              # numbers: an input of so many is shown whole
Place = tuple[str | int, ...]


def place_of(where: str) -> Place:
    """The steps to a difference, "['weight'][0, 1]" → ("weight", 0, 1)."""
    steps: list[str | int] = []
    for step in re.findall(r"\['(?:[^'\\]|\\.)*'\]|\[\"(?:[^\"\\]|\\.)*\"\]|\[[-\d, ]+\]", where):
        steps += ast.literal_eval(step)
    return tuple(steps)


def named_place(where: str) -> str:
    """The name of an entry that an exercise observes, "['slope'][0]" → "`slope` at [0]"; "" for other places.

    A name of several words is a phrase of ours and stands as it is; one word is a name in the code.
    """
    named = re.fullmatch(r"\['(.+?)'\](.*)", where)
    if not named:
        return ""
    name = named[1] if " " in named[1] else f"`{named[1]}`"
    return f"{name}{' at ' + named[2] if named[2] else ''}"


def inputs_in_words(names: Sequence[str], args: tuple, where: str, expected: Any) -> str:
    """The arguments that can be shown: small ones whole, of a large one the row that the value at `where` stands in.

    `expected` is the whole right answer: a row of an argument belongs to a row of it where both have as many.
    """
    shape, index = _shape_at(expected, place_of(where))
    shown = (_argument(name, plain, shape, index) for name, plain in zip(names, snapshot(args), strict=False)
             if is_numeric(plain) or type(plain) is str or (type(plain) is list and as_tensor(plain) is not None))
    return ", ".join(shown)


def _shape_at(expected: Any, place: Place) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shape of the tensor that a place lies in, and the index within it."""
    for number, step in enumerate(place):
        if type(expected) is torch.Tensor:
            return tuple(expected.shape), tuple(int(step) for step in place[number:])
        try:
            expected = expected[step]
        except (KeyError, IndexError, TypeError):
            break
    return (), ()


def _argument(name: str, plain: Any, shape: tuple[int, ...], index: tuple[int, ...]) -> str:
    tensor = as_tensor(plain)
    if tensor is None or not tensor.dim():
        return f"`{name} = {describe(plain)}`"
    if tensor.numel() <= SMALL:
        return f"`{name} = {numbers(tensor)}`"
    if index and len(tensor) == shape[0]:
        at = index[:1] if tensor[0].numel() <= SMALL or tensor.shape != shape else index
        if tensor[at].numel() <= SMALL:
            return f"`{name}{list(at)} = {numbers(tensor[at])}`"
    return f"`{name}`, {describe(plain)}"


def numbers(tensor: torch.Tensor) -> str:
    """All numbers of a small tensor, as Python writes them, to four digits."""
    if tensor.dim() == 0:
        return describe(tensor.item())
    return f"[{', '.join(map(numbers, tensor))}]"


def in_short(values: torch.Tensor) -> str:
    """The numbers of a small tensor, or what it is: for the lines of `how`."""
    return numbers(values.detach()) if values.numel() <= SMALL else describe(values.detach())


def first_step(place: Place, model: torch.nn.Module, optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> str:
    """Where the first step of gradient descent takes the entry of a parameter: for the `how` of an update."""
    name, *index = place
    parameter = dict(model.named_parameters())[str(name)]
    slope = torch.autograd.grad(loss, parameter)[0][tuple(index)].item()        # type: ignore[index]
    before, lr = parameter[tuple(index)].item(), optimizer.param_groups[0]["lr"]        # type: ignore[index]
    return f"It began at {describe(before)}. There the gradient of the loss is {describe(slope)} at first, and lr is " \
           f"{describe(lr)}."


def how_in_words(how: Callable | str, where: str, args: tuple) -> str:
    """The author's line on how the needed value comes about; "" where it has none for this place."""
    if isinstance(how, str):
        return how
    try:
        return how(place_of(where), *args) or ""
    except (KeyError, IndexError, TypeError, AttributeError):   # a place the author did not think of: say nothing
        return ""
