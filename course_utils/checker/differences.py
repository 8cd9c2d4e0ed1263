"""How a difference between a learner's answer and the expected one is told: both, and one thing to do."""

import dis
import math
import re
import types
from collections.abc import Callable, Sequence

import torch

from course_utils.checker.compare import Difference, describe, describe_both, is_numeric, off_by
from course_utils.checker.places import named_place
from course_utils.checker.snapshot import ModelState, Opaque

WHENCE = {"nan": " A nan comes from 0/0, inf − inf, 0 · inf, or the log of a negative number; or it was put "
                 "there as a gap.",
          "inf": " An inf comes from exp of a large score, from minus the log of 0, or from dividing by 0.",
          "-inf": " A −inf comes from the log of 0."}
KINDS: dict[type, str] = {list: "a list or tuple", dict: "a dict", ModelState: "a model", str: "text"}


def gave_none_in_words(answer: Callable, printed: str = "") -> str:
    """Why a function that should give something back gave None: it prints, hands over a None, or has no `return`."""
    if printed:
        return "Your function prints something and gives back None. What is printed is not handed over: end it with " \
               "`return` and the result."
    if type(answer) is types.FunctionType and _hands_over(answer):
        return "Your function gave back None: what stands after `return` is None. `backward()` and `step()` give " \
               "nothing back, and `.grad` is None until `backward()` has run."
    return "Your function gave back None. It computes a result but does not hand it over. End it with `return result`."


def _hands_over(function: types.FunctionType) -> bool:
    """Whether some `return` of a function is followed by more than nothing."""
    steps = list(dis.get_instructions(function))
    ends = [before for before, step in zip(steps, steps[1:], strict=False) if step.opname == "RETURN_VALUE"]
    return any(before.opname != "LOAD_CONST" or before.argval is not None for before in ends)


def difference_in_words(found: Difference, axes: Sequence[str] = (), explained: bool = False) -> str:
    """A sentence or two about the first difference; `axes` says what the dimensions of the whole answer count.

    Where it is `explained` by what follows, nothing is guessed here.
    """
    named = named_place(found.where)
    what = named[:1].upper() + named[1:] or (f"Item `{found.where}` of your answer" if found.where else "Your answer")
    if found.kind == "shape":
        got, expected = tuple(found.got.shape), tuple(found.expected.shape)
        shapes = shapes_in_words(what, got, expected, () if found.where else axes)
        return shapes.split(". ")[0] + "." if explained else shapes
    if found.kind == "dtype":
        return _dtype_in_words(what, found)
    if found.kind == "length":
        if type(found.got) is not list:
            return f"{what} is one tensor of shape {tuple(found.got.shape)}; {len(found.expected)} parts are needed, " \
                   "as in `return a, b`."
        empty = sum(is_numeric(part) and not part.numel() for part in found.got if isinstance(part, torch.Tensor))
        without = " Leave out what is empty." if empty and len(found.got) - empty == len(found.expected) else ""
        return f"{what} has {len(found.got)} parts; {len(found.expected)} are needed.{without}"
    if found.kind == "keys":
        missing = [key for key in found.expected if key not in found.got]
        named_ones = f" Missing: {', '.join(map(describe, missing))}." if missing and len(found.expected) > 4 else ""
        return f"{what} is {describe(found.got)}; needed is {describe(found.expected)}.{named_ones}"
    if found.kind in ("type", "nothing"):
        return _type_in_words(what, found)
    if not named:
        what = f"Your value at {found.where}" if found.where else "Your answer"
    return f"{what}{value_in_words(found)}{WHENCE.get(describe(found.got), '')}{'' if explained else _nearness(found)}"


def value_in_words(found: Difference) -> str:
    """What follows the name of a value: what it is, and what is needed."""
    got, expected = (f"`{words}`" for words in describe_both(found.got, found.expected))
    if " " not in named_place(found.where).split(" at [")[0]:
        return f" is {got}; {expected} is needed."
    if type(found.got) is type(found.expected) is str:          # a phrase of ours: its values are told as one speaks
        got, expected = found.got, found.expected
    if type(found.got) is type(found.expected) is bool:
        got, expected = ("yes" if value else "no" for value in (found.got, found.expected))
    return f": {got}, where {expected} is needed."


def _nearness(found: Difference) -> str:
    """What a small distance means: without a word of it, two numbers that agree to three digits look like rounding."""
    off = off_by(found.got, found.expected)
    if off < 1e-4:
        return " They part where float32 ends: float64 has twice as many digits. Is a float32 in between?"
    if off < 0.01 and any(abs(found.got - round(found.expected, digits)) < 1e-9 for digits in (1, 2, 3)):
        return " Rounding makes that of the needed one. Is there a `round`?"
    if off < 0.01:
        return f" Yours is {found.got / found.expected:.{2 - math.floor(math.log10(off))}g} times that, " \
               "too far off for rounding."
    return ""


def shapes_in_words(what: str, got: tuple, expected: tuple, axes: Sequence[str] = ()) -> str:
    """The shape that came and the one that is needed, with what rows and columns count and what to try."""
    if len(got) == 2 and got[0] == got[1] > 1 and expected in ((), got[:1], (got[0], 1)):
        n = got[0]
        missing = " Or is a `.mean()` or `.sum()` missing?" if expected == () else ""
        return f"{what} has shape {got}; {expected} is needed. Shapes ({n}, 1) and ({n},) combined all with all give " \
               f"that ({n} x {n}): use `.squeeze(1)` on the first.{missing}"
    if len(got) == 2 and got[1] == 1 and expected == got[:1]:
        return f"{what} has shape {got}; {expected} is needed. Use `.squeeze(1)`."
    if got == () and len(expected) == 1:
        return f"{what} is a single number; {expected[0]} are needed. Is the `return` inside a loop, or is there a " \
               "`.mean()` or `.sum()` too many, or one that leaves its `dim` out?"
    if got == (1,) and len(expected) == 1:
        return (f"{what} holds one number; {expected[0]} are needed. Is the `return` inside a loop, so that it leaves "
                "in the first round, or is a mean or a sum taken over the rows?")
    if expected == () and set(got) == {1}:
        return f"{what} has shape {got}; a single number is needed. Use `.squeeze()`, or leave a `keepdim` out."
    if expected == ():
        return f"{what} has shape {got}; a single number is needed. Is a `.mean()` or `.sum()` missing?"
    counts = ""
    if len(axes) == len(expected) == 2:
        counts = f": {expected[0]} {axes[0]} (rows) with {expected[1]} {axes[1]} each"
    elif len(axes) == len(expected):
        counts = ": " + " x ".join(f"{size} {axis}" for size, axis in zip(expected, axes, strict=True))
    advice = "Print the shapes on the way there."
    if sorted(got) == sorted(expected):
        advice = "You may need `.T` or another `dim`."
    elif (left_over := _left_over(got, expected)) is not None:
        advice = f"The {got[left_over]} of dimension {left_over} are still there. Should a " \
                 f"`.mean(dim={left_over})` or `.sum(dim={left_over})` make one of them?"
    elif (gone := _left_over(expected, got)) is not None:
        advice = f"The {expected[gone]} of dimension {gone} are gone. A mean, a sum, an `argmax` or an index leaves " \
                 "one of them."
    elif len(got) == len(expected) + 1 and (twice := _twice(got, expected)):
        advice = f"The {twice} stand there twice: each was combined with each. As (n, 1) and (n, k) the rows " \
                 "go in pairs."
    elif (longer := _longer(got, expected)) is not None:
        advice += f" Dimension {longer} is {got[longer] // expected[longer]} times as long: was something put beside " \
                  "it, as `torch.cat` does?"
    elif len(got) != len(expected):
        advice = "Print the shapes on the way there: where does the number of dimensions change?"
    return f"{what} has shape {got}; {expected} is needed{counts}. {advice}"


def _left_over(longer: tuple, shorter: tuple) -> int | None:
    """The dimension without which a shape is the other one; None where there is none, or no telling which."""
    places = [i for i in range(len(longer)) if longer[:i] + longer[i + 1:] == shorter and longer[i] > 1]
    return places[0] if len(places) == 1 else None


def _longer(got: tuple, expected: tuple) -> int | None:
    """The only dimension that differs, where it is two, three … times as long as needed; None where there is none."""
    other = [i for i in range(min(len(got), len(expected))) if got[i] != expected[i]]
    if len(got) != len(expected) or len(other) != 1 or expected[other[0]] < 2:
        return None
    return other[0] if got[other[0]] > expected[other[0]] and got[other[0]] % expected[other[0]] == 0 else None


def _twice(got: tuple, expected: tuple) -> int:
    """The size that a shape holds once more than the needed one, in two places side by side; 0 where there is none."""
    return next((got[i] for i in range(len(got) - 1) if got[i] == got[i + 1] > 1 and got[:i] + got[i + 1:] == expected),
                0)


def all_with_all(warning: str) -> str:
    """PyTorch's warning about a loss between (N, 1) and (N,), in our words; "" for other shapes, which may be meant."""
    shapes = re.findall(r"torch\.Size\(\[([\d, ]*)\]\)", warning)
    targets, predictions = (tuple(int(n) for n in shape.split(",") if n.strip()) for shape in shapes[:2])
    if targets not in (predictions[:1], (*predictions, 1)):
        return ""
    return f"Predictions {predictions} and targets {targets} would be compared all with all. " \
           "Use `.squeeze(1)` on the one with two dimensions."


def _type_in_words(what: str, found: Difference) -> str:
    got, expected, named = found.got, found.expected, named_place(found.where)
    if type(got) is Opaque and got.what == "a generator":
        return f"{what} is a generator, which has computed nothing yet. Collect its values in a list and `return` that."
    if type(got) is Opaque and got.what == "a coroutine":
        return f"{what} is a coroutine, which has computed nothing yet: the word `async` before `def` makes it so. " \
               "Begin with `def` alone."
    if type(got) is Opaque and got.what == "a function":
        return f"{what} is a function; is a pair of parentheses missing at the end of a line?"
    if type(got) is ModelState and named and is_numeric(expected) and not getattr(expected, "shape", ()):
        return f"{what} is a layer or a model, `{got.kind}`; a single number is needed."
    if type(got) is ModelState:
        return f"{what} is a layer or a model, `{got.kind}`, and not what it gives. " \
               "Call it: `layer(x)` gives the outputs for `x`."
    words = KINDS.get(type(expected), describe(expected))
    if type(expected) is list:
        words = f"a list or tuple of {len(expected)}"
    if is_numeric(expected):            # its kind, not its value: that would be the answer
        shape = tuple(getattr(expected, "shape", ()))
        words = f"a tensor of shape {shape}" if shape else "a single number"
    if type(got) is list and words == "a single number":
        if len(got) == 1:
            return f"{what} is a list or tuple with one number in it. Take the brackets away, or the comma."
        return f"{what} is a list or tuple of {len(got)}; a single number is needed."
    if type(got) is list and got and all(type(item) is str for item in got):
        return f"{what} holds text; {words} is needed. Leave the quotes out."
    came = {**KINDS, dict: describe(got)}.get(type(got), describe(got))
    return f"{what} is {came}; {words} is needed."


def _dtype_in_words(what: str, found: Difference) -> str:
    got, expected = (str(tensor.dtype).removeprefix("torch.") for tensor in (found.got, found.expected))
    if expected == "bool":
        return f"{what} holds {got}; True and False are needed. Compare, as in `p > 0.5`."
    short = {"int64": "long()", "float32": "float()", "float64": "double()"}.get(expected, f"to(torch.{expected})")
    return f"{what} holds {got}; {expected} is needed. Use `.{short}`."
