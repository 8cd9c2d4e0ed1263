"""Answers that nobody planned, drawn by hypothesis: values of every kind, and functions that do anything at all.

Each is `Arbitrary`: words that name it, and a function that makes it afresh. Made only inside the test, for some of
them never end when they are shown.
"""

import asyncio
import builtins
import collections
import decimal
import fractions
import functools
import itertools
import os
import random
import re
import sys
import threading
import time
import types
from typing import NamedTuple

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn


class Arbitrary(NamedTuple):
    words: str
    make: object

    def __repr__(self):
        return self.words


def named(words, make):
    return Arbitrary(words, make)


# ---- objects that refuse, lie, or never end -------------------------------------------------------------------------

ASKED = ("__eq__", "__ne__", "__lt__", "__bool__", "__len__", "__iter__", "__hash__", "__add__", "__repr__", "__str__",
         "__int__", "__float__", "__index__", "__array__", "__getattr__", "__getattribute__", "__format__", "__call__",
         "__deepcopy__", "__reduce_ex__", "__torch_function__", "__del__", "__contains__", "__getitem__", "__dir__")


def refuses(self, *args, **kwargs):
    raise ZeroDivisionError("asked")


def exits(self, *args, **kwargs):
    raise SystemExit("asked")


def never_ends(self, *args, **kwargs):
    while True:
        pass


def says_yes(self, *args, **kwargs):
    return True


def is_itself(self, *args, **kwargs):
    return self


def hostile(base, asked, reply):
    """A class that gives one reply to everything that is asked of it."""
    name = f"{reply.__name__}_{base.__name__}"
    return type(name, (base,), dict.fromkeys(asked, reply))


def hostile_class(asked, reply):
    """A class whose own class gives one reply."""
    kind = type("Kind", (type,), {one: reply for one in asked if one not in ("__call__", "__del__")})
    return kind("Odd", (), {})


class SaysItIsSomethingElse:
    __class__ = torch.Tensor
    shape, dtype = torch.Size([2]), torch.float32


replies = st.sampled_from([refuses, exits, says_yes, is_itself, never_ends])
asked = st.lists(st.sampled_from(ASKED), min_size=1, max_size=len(ASKED), unique=True)


@st.composite
def objects(draw):
    reply, some = draw(replies), draw(asked)
    base = draw(st.sampled_from([object, float, int, str, list, dict, tuple]))
    some = [one for one in some if not (reply is never_ends and one == "__del__")]      # nobody could throw it away
    words = f"an object of a {base.__name__} that {reply.__name__} at {' '.join(sorted(some))}"
    if draw(st.integers(0, 4)) == 0:
        return named(f"a class whose class {reply.__name__}", lambda: hostile_class(some, reply))
    return named(words, lambda: hostile(base, some, reply)())


# ---- values ---------------------------------------------------------------------------------------------------------

DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int8, torch.uint8,
          torch.uint16, torch.bool, torch.complex64, torch.complex128, torch.float8_e5m2)
LAYOUTS = {
    "plain": lambda t: t, "transposed": lambda t: t.T if t.dim() == 2 else t,
    "expanded": lambda t: t.expand(2, *t.shape),
    "every second": lambda t: t[..., ::2] if t.dim() else t, "sparse": lambda t: t.to_sparse(),
    "sparse rows": lambda t: t.to_sparse_csr(), "meta": lambda t: t.to("meta"),
    "that needs a gradient": lambda t: t.requires_grad_(), "computed": lambda t: t.requires_grad_() * 1,
    "a parameter": nn.Parameter, "conjugated": lambda t: t.to(torch.complex64).conj(), "in a list": lambda t: [t],
    "of NumPy": lambda t: t.numpy(), "frozen": lambda t: torch._efficientzerotensor(t.shape) + t.float(),
}


@st.composite
def tensors(draw):
    dtype, layout = draw(st.sampled_from(DTYPES)), draw(st.sampled_from(sorted(LAYOUTS)))
    shape = draw(st.lists(st.integers(0, 5), max_size=3))
    fill = draw(st.sampled_from([0.0, 1.0, -1.5, 3e38, float("nan"), float("inf"), -float("inf")]))

    def make():
        plain = torch.full(shape, fill if dtype.is_floating_point or dtype.is_complex else 1.0).to(dtype)
        try:
            return LAYOUTS[layout](plain)
        except Exception:                           # not every dtype and shape has every layout
            return plain
    return named(f"a tensor {layout}, {dtype} {tuple(shape)} of {fill}", make)


def itself():
    box = []
    box.append({"again": box})
    return box


def a_deep_one():
    deep = []
    for _ in range(10_000):
        deep = [deep]
    return deep


ODD = {
    "a list that holds itself": itself,
    "a list 10,000 deep": a_deep_one,
    "a range of 10**12": lambda: range(10**12),
    "a number of 5,000 digits": lambda: 10**5000,
    "a million letters": lambda: "x" * 10**6,
    "bytes": lambda: b"a",
    "a generator": lambda: (x for x in "ab"),
    "count()": itertools.count,
    "a model": lambda: nn.Linear(3, 2),
    "some layers": lambda: nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)),
    "the class Linear": lambda: nn.Linear,
    "a layer that is not set up": lambda: nn.Module.__new__(nn.Module),
    "an optimizer": lambda: torch.optim.SGD([nn.Parameter(torch.ones(2))], 0.1),
    "a masked array": lambda: np.ma.masked_array([1.0, 2.0], [True, False]),
    "texts": lambda: np.array(["a", None], object),
    "fields": lambda: np.zeros(2, dtype=[("a`<b>", int)]),
    "a date": lambda: np.datetime64("2026-01-01"),
    "a long double": lambda: np.longdouble(0.25),
    "big-endian": lambda: np.array([1.5], ">f4"),
    "masked": lambda: np.ma.masked,
    "a module": lambda: torch,
    "this process": lambda: sys,
    "NotImplemented": lambda: NotImplemented,
    "dots": lambda: ...,
    "None": lambda: None,
    "a dtype": lambda: torch.float32,
    "a size": lambda: torch.Size([3, 2]),
    "a lock": threading.Lock,
    "a fraction": lambda: fractions.Fraction(1, 3),
    "a decimal": lambda: decimal.Decimal("NaN"),
    "a pattern": lambda: re.compile("a"),
    "a deque": lambda: collections.deque([1]),
    "a namespace": lambda: types.SimpleNamespace(shape=(2,), dtype="x"),
    "a class's names": lambda: vars(nn.Linear),
    "an exception": lambda: ValueError("a"),
    "a frame": sys._getframe,
    "what says it is a tensor": SaysItIsSomethingElse,
    "a nested tensor": lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
    "a set of two kinds": lambda: {frozenset([1]), "a"},
    "a memory view": lambda: memoryview(b"ab"),
    "a coroutine": lambda: asyncio.sleep(0),
}
letters = st.text(alphabet="abcdefgh ,.)(", max_size=6) | st.text(max_size=30)
numbers = (st.integers(-10, 10**6) | st.floats() | st.complex_numbers() | st.booleans()
           | st.sampled_from([2**63, -2**64, 1e400, 1e-320, -0.0]))
scalars = (letters | numbers).map(lambda value: named(repr(value)[:60], lambda: value))
odd = st.sampled_from(sorted(ODD)).map(lambda words: named(words, ODD[words]))
leaves = scalars | tensors() | odd | objects()


@st.composite
def boxes(draw, inside):
    kind = draw(st.sampled_from(["list", "tuple", "dict", "ModuleList"]))
    parts = draw(st.lists(inside, max_size=3))
    keys = draw(st.lists(st.sampled_from(["loss", "w", 0, None, (1, 2), "<b>`"]), min_size=3, max_size=3))
    makers = {"list": lambda: [part.make() for part in parts], "tuple": lambda: tuple(part.make() for part in parts),
              "dict": lambda: {key: part.make() for key, part in zip(keys, parts, strict=False)},
              "ModuleList": lambda: nn.ModuleList([nn.Linear(1, 1) for _ in parts])}
    return named(f"a {kind} of {parts}", makers[kind])


values = st.recursive(leaves, boxes, max_leaves=4)


# ---- functions ------------------------------------------------------------------------------------------------------

def changes_everything(*args):
    for one in args:
        if isinstance(one, torch.Tensor):
            one.data.zero_()
        elif isinstance(one, list | dict):
            one.clear()
        elif isinstance(one, nn.Module):
            for parameter in one.parameters():
                parameter.data.fill_(float("nan"))


def forgets_everything(*args):
    for one in args:
        if hasattr(one, "__dict__"):
            vars(one).clear()


def again(*args):
    return again(*args)


def through_c(*args):
    return max(map(through_c, [args]))


def floods(*args):
    while True:
        print("x" * 1000)


def prints(*args):
    print("```\n\n<b>" * 1000)
    print("x" * 10**6, file=sys.stderr)


def interrupts_itself(*args):
    raise KeyboardInterrupt


def ends(*args):
    sys.exit(3)


def replaces_functions(*args):
    torch.isclose = torch.equal = torch.allclose = lambda *a, **k: torch.tensor(True)
    builtins.all = builtins.bool = lambda *a: True
    nn.Module.forward = nn.Linear.forward = torch.Tensor.detach = lambda *a: 1.0
    sys.modules["numpy"] = types.ModuleType("numpy")


def draws(*args):
    torch.manual_seed(1)
    np.random.seed(1)
    random.seed(1)
    torch.set_default_dtype(torch.float64)
    os.environ["COURSE_OFFLINE"] = "0"
    os.chdir("/")


def starts_a_thread(*args):
    threading.Thread(target=time.sleep, args=(0.05,), daemon=True).start()


def raises_group(*args):
    raise ExceptionGroup("many", [ValueError("a"), ExceptionGroup("more", [KeyError("b")])])


def raises_long(*args):
    raise ValueError("<script>" + "`\n" * 10_000)


def raises_odd(*args):
    raise hostile(Exception, ("__str__", "__repr__"), exits)


def stops_iterating(*args):
    raise StopIteration(args)


DEEDS = {deed.__name__: deed for deed in (
    changes_everything, forgets_everything, again, through_c, prints, interrupts_itself, ends, replaces_functions,
    draws, starts_a_thread, raises_group, raises_long, raises_odd, stops_iterating)} | {
    "exit()": lambda *args: exit(), "quit()": lambda *args: quit(), "input()": lambda *args: input(),
    "breakpoint()": lambda *args: breakpoint(), "_exit()": lambda *args: os._exit(3),
    "abort()": lambda *args: os.abort(),
    "kill()": lambda *args: os.kill(os.getpid(), 9), "a large tensor": lambda *args: torch.empty(10**14),
    "a long list": lambda *args: [0] * 10**12, "a deep stack": lambda *args: sys.setrecursionlimit(10**9),
    "nothing": lambda *args: None}


def sleeps(*args):
    time.sleep(60)


def waits(*args):
    threading.Event().wait(60)


def loops(*args):
    while True:
        pass


def naps(*args):
    while True:
        time.sleep(0.01)


def counts(*args):
    return sum(itertools.count())


def sums(*args):
    return sum(range(10**13))


def matches(*args):
    return re.match("(a+)+$", "a" * 40 + "b")


def raises_a_power(*args):
    return 10**10**9


WITHOUT_END = [floods, sleeps, waits, loops, naps]
WITHOUT_LETTING_GO = [counts, sums, matches, raises_a_power]             # in C, with Python's lock in hand


def shaped(form, deed, result):
    """A callable of some form that does a deed and gives a result."""
    def plain(*args, **kwargs):
        deed(*args)
        return result.make()

    def yields(*args):
        deed(*args)
        yield result.make()

    async def awaits(*args):
        return result.make()

    def init(self, *args):
        deed(*args)
        self.result = result.make()

    def forward(self, *args):
        return deed(*args)

    def init_layer(self, *args):
        nn.Module.__init__(self)
        deed(*args)

    called = type("Called", (), {"__call__": lambda self, *args: plain(*args)})
    return {"a function": plain, "a generator": yields, "a coroutine": awaits, "a partial": functools.partial(plain),
            "a lambda": lambda *args: plain(*args), "an object": called(),
            "a class": type("Made", (), {"__init__": init, "forward": forward}),
            "a layer": type("Layer", (nn.Module,), {"__init__": init_layer, "forward": forward})}[form]


FORMS = ("a function", "a generator", "a coroutine", "a partial", "a lambda", "an object", "a class", "a layer")


@st.composite
def functions(draw):
    form, result = draw(st.sampled_from(FORMS)), draw(values)
    deed = draw(st.sampled_from(sorted(DEEDS)) | st.just("nothing"))        # half of them only give back a value
    return named(f"{form} that does {deed} and gives {result}", lambda: shaped(form, DEEDS[deed], result))


endless = st.sampled_from(WITHOUT_END).map(lambda deed: named(f"a function that {deed.__name__}", lambda: deed))


@st.composite
def nearly_right(draw, solution):
    """The solution's own result with one number off, or of another kind."""
    factor = draw(st.sampled_from([0.0, -1.0, 1.5, 10.0]))
    far = draw(st.sampled_from([0.5, float("nan"), float("inf")]))
    return named(f"the solution's result times {factor} plus {far}",
                 lambda: lambda *args: moved(solution(*args), factor, far))


def moved(result, factor, far):
    """Its first number, wherever it is, times `factor` plus `far`."""
    if isinstance(result, torch.Tensor) and result.numel():
        moved_one = result.detach().clone().double()
        moved_one.view(-1)[0] = moved_one.view(-1)[0] * factor + far
        return moved_one
    if isinstance(result, list | tuple) and result:
        return [moved(result[0], factor, far), *result[1:]]
    if isinstance(result, int | float):
        return result * factor + far
    return NotImplemented
