"""The small changes that turn right code into wrong code: one function a kind of syntax, from a node to its stand-ins.

What they have in common is that people make them: a dimension, a sign, a strict comparison, a line left out.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Any

BOTH_WAYS = [
    ("mean", "sum"), ("max", "min"), ("amax", "amin"), ("argmax", "argmin"), ("maximum", "minimum"), ("zeros", "ones"),
    ("zeros_like", "ones_like"), ("train", "eval"), ("floor", "ceil"), ("exp", "log"), ("log_softmax", "softmax"),
    ("std", "var"), ("cumsum", "cumprod"), ("sin", "cos"), ("relu", "sigmoid"), ("rand", "randn"), ("append", "extend"),
]
OTHER_NAME = dict(BOTH_WAYS) | {right: left for left, right in BOTH_WAYS}
NO_SIGN = ast.Constant | ast.JoinedStr | ast.UnaryOp | ast.Compare | ast.List | ast.ListComp | ast.Dict
LEFT_AWAY = {"sqrt", "square", "exp", "log", "abs", "sum", "mean", "relu", "sigmoid", "tanh", "argsort", "cumsum", "T"}
OTHER_SIGN: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}
OTHER_COMPARISON: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def alterations(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in place of a node; nothing for the kinds that are left alone."""
    kind = next((kind for kind in RULES if isinstance(node, kind)), None)
    if kind:
        yield from RULES[kind](node)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    """True for False, one more and one less, a mean for a sum."""
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node.value, str) and node.value in OTHER_NAME:
        yield ast.Constant(OTHER_NAME[node.value])


def _calculation(node: ast.BinOp) -> Iterator[ast.AST]:
    """Another sign, the two exchanged, one of the two left out."""
    if type(node.op) in OTHER_SIGN:
        yield ast.BinOp(node.left, OTHER_SIGN[type(node.op)](), node.right)
    if isinstance(node.op, ast.Sub | ast.Div | ast.Pow | ast.MatMult):
        yield ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.BitAnd):
        yield node.left
    if isinstance(node.op, ast.Add | ast.Mult | ast.BitAnd):
        yield node.right


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    """With the border, without it, and the other way round."""
    if len(node.ops) == 1:
        for other in OTHER_COMPARISON[type(node.ops[0])]:
            yield ast.Compare(node.left, [other()], node.comparators)


def _and_or(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    yield from node.values


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _call(node: ast.Call) -> Iterator[ast.AST]:
    """Without one of its keywords (`keepdim=True`), with two arguments exchanged, or not made: `x` for `x.sqrt()`.

    `strict=` only guards, so it stays.
    """
    for left_out in node.keywords:
        if left_out.arg == "strict":
            continue
        yield ast.Call(node.func, node.args, [keyword for keyword in node.keywords if keyword is not left_out])
    if len(node.args) > 1:
        yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    if isinstance(node.func, ast.Attribute) and node.func.attr in LEFT_AWAY:
        of_torch = isinstance(node.func.value, ast.Name) and node.func.value.id in ("torch", "F", "np", "math")
        if not of_torch:
            yield node.func.value
        elif node.args:
            yield node.args[0]
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        end = len(node.args) > 1                            # range(n) or range(1, n)
        yield ast.Call(node.func, [*node.args[:end], ast.BinOp(node.args[end], ast.Sub(), ast.Constant(1))], [])
        if not end:
            yield ast.Call(node.func, [ast.Constant(1), *node.args], [])


def _attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr in OTHER_NAME:
        yield ast.Attribute(node.value, OTHER_NAME[node.attr], node.ctx)
    if node.attr == "T":
        yield node.value


def _name(node: ast.Name) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load) and node.id in ("max", "min"):
        yield ast.Name(OTHER_NAME[node.id], node.ctx)


def _place(node: ast.Subscript) -> Iterator[ast.AST]:
    """One place earlier, or everything."""
    if isinstance(node.slice, ast.Name):
        yield ast.Subscript(node.value, ast.BinOp(node.slice, ast.Sub(), ast.Constant(1)), node.ctx)
    if isinstance(node.slice, ast.Slice) and (node.slice.lower or node.slice.upper):
        yield ast.Subscript(node.value, ast.Slice(), node.ctx)


def _either_or(node: ast.IfExp) -> Iterator[ast.AST]:
    yield ast.IfExp(node.test, node.orelse, node.body)
    yield node.body
    yield node.orelse


def _inner_loop(node: ast.comprehension) -> Iterator[ast.AST]:
    if node.ifs:
        yield ast.comprehension(node.target, node.iter, node.ifs[:-1], node.is_async)


# ---- statements -----------------------------------------------------------------------------------------------------

def _handed_back(node: ast.Return) -> Iterator[ast.AST]:
    """With the other sign; two parts in the other order."""
    if isinstance(node.value, ast.Tuple):
        first, second, *rest = node.value.elts
        yield ast.Return(ast.Tuple([second, first, *rest], ast.Load()))
    elif node.value and not isinstance(node.value, NO_SIGN):
        yield ast.Return(ast.UnaryOp(ast.USub(), node.value))


def _condition(node: ast.If) -> Iterator[ast.AST]:
    yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    yield ast.Pass()


def _added_to(node: ast.AugAssign) -> Iterator[ast.AST]:
    """Another sign, put in place of the old value, not done at all."""
    if type(node.op) in OTHER_SIGN:
        yield ast.AugAssign(node.target, OTHER_SIGN[type(node.op)](), node.value)
    yield ast.Assign([node.target], node.value)
    yield ast.Pass()


def _with(node: ast.With) -> Iterator[ast.AST]:
    """Its body alone: without `torch.no_grad()`."""
    yield ast.If(ast.Constant(True), node.body, [])


def _left_out(node: ast.AST) -> Iterator[ast.AST]:
    yield ast.Pass()


def _line(node: ast.Expr) -> Iterator[ast.AST]:
    """Left out, unless it is a docstring."""
    if not isinstance(node.value, ast.Constant):
        yield ast.Pass()


RULES: dict[type, Callable[[Any], Iterator[ast.AST]]] = {
    ast.Constant: _constant, ast.BinOp: _calculation, ast.Compare: _comparison, ast.BoolOp: _and_or,
    ast.UnaryOp: _sign, ast.Call: _call, ast.Attribute: _attribute, ast.Name: _name, ast.Subscript: _place,
    ast.IfExp: _either_or, ast.comprehension: _inner_loop, ast.Return: _handed_back, ast.If: _condition,
    ast.AugAssign: _added_to, ast.With: _with, ast.Expr: _line, ast.Break: _left_out, ast.Continue: _left_out,
}
