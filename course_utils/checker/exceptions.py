"""What Python and PyTorch say when code stops, in the course's words: what happened, why, what to do.

Each pattern is looked for in "ClassName: message"; its groups fill the sentence. The first that fits wins. Patterns
that begin with (?s) see the learner's line after it, and then the traceback.
"""

import builtins
import re
import traceback
from collections.abc import Callable

from course_utils.checker import names
from course_utils.checker.escaping import harmless
from course_utils.checker.sandbox import Raised
from course_utils.checker.snapshot import type_name

ACCIDENTS = [
    (r"UnboundLocalError: .*'(\w+)'",
     "`{0}` is used before it has a value inside your function. Give it one first, or take it as an argument."),
    (r"NameError: cannot access free variable '(\w+)'",
     "`{0}` is used before it has a value. Give it one before the inner function is called."),
    (r"leaf Variable that requires grad",
     "A weight that learns may be changed only while nothing is recorded. "
     "Put the change inside `with torch.no_grad():`."),
    (r"Can't call numpy\(\) on Tensor that requires grad",
     "This tensor remembers how it was computed, and numpy cannot. Use `t.detach()` first."),
    (r"(?s)mat1 and mat2 shapes cannot be multiplied \(\d+x(\d+) and (\d+)x(\d+)\).*linear\.py",
     "The layer `nn.Linear({1}, {2})` takes {1} columns, and its input has {0}. `nn.Linear(in, out)` is made with the "
     "columns that come in first, then those that go out. Or is it another layer's turn, or another input meant?"),
    (r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
     "({0}, {1}) times ({2}, {3}) does not work: {1} columns meet {2} rows. The two inner numbers must be equal. "
     "Print both `.shape`: which of the two is not what you expect?"),
    (r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)",
     "{1} numbers cannot be laid out as [{0}]: the sizes have to multiply to {1}, where −1 stands for any. Parts that "
     "differ in length are made by `split` or `tensor_split`."),
    (r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
     "A size of {0} meets a size of {1} in the same dimension. "
     "Print both `.shape`; `keepdim=True` or `.T` may be missing."),
    (r"inconsistent tensor size|size mismatch, got|shapes? .*not aligned|must match the size",
     "Two shapes do not fit together. Print the `.shape` of both sides of that line."),
    (r"Target (-?\d+) is out of bounds",
     "Found label {0}, which the model has no output for. "
     "K classes are numbered 0 to K − 1: print the smallest and the largest of yours."),
    (r"multi-target not supported",
     "The labels have one column too many: shape (N,) is needed, one class number each. Use `y.squeeze(1)`."),
    (r"Expected floating point type for target with class probabilities",
     "Labels hold one column per class, as whole numbers. Give the class number instead: `y.argmax(dim=1)`."),
    (r"expected target dtype to be Long|expected scalar type Long but found|expected[^\n]{0,80} Long [^\n]{0,80}target",
     "Labels hold decimals. Class numbers must be whole numbers. Use `y.long()`."),
    (r"can't be cast to the desired output type (Long|Int|Bool)|Found dtype Long but expected Float",
     "Decimals meet a tensor that holds whole numbers. Make those decimals first, a 0/1 target too: `y.float()`."),
    (r"all elements of (input|target) should be between 0 and 1",
     "BCELoss wants probabilities from 0 to 1 and got scores. Use `binary_cross_entropy_with_logits` for raw scores."),
    (r"log_softmax\w*\W+not implemented for 'Long'",
     "Whole numbers stand where scores are needed. `F.cross_entropy` takes the scores first, then the labels."),
    (r"expected both vectors to have same dtype",
     "One of the two holds decimals, the other whole numbers. Use `.float()` on the whole numbers."),
    (r"bitwise_xor|unsupported operand type\(s\) for \^", "`^` is not a power in Python: write `x**2`."),
    (r"bitwise_(and|or)_cpu|unsupported operand type\(s\) for [&|]:",
     "`&` and `|` combine True and False. Numbers are multiplied with `*` and added with `+`."),
    (r"Got: Bool|got: Bool|could not infer output dtype. Input dtype.*Bool",
     "True and False are not averaged as they are. Make them 1.0 and 0.0 first: `.float()`."),
    (r"bool tensors? is not supported",
     "True and False are not subtracted. Make them 1.0 and 0.0 first: `.float()`."),
    (r"requires_grad must be a bool",
     "`requires_grad` takes True or False, without quotes, and nothing else."),
    (r"Double and Float|Float and Double|Double but found Float|Float but found Double|Double did not match Float",
     "float64 meets float32, which has half the digits. Make them one kind: `.float()` on the one, or `.double()`."),
    (r"must have the same dtype|expected m1 and m2 to have the same dtype|expected scalar type",
     "Two tensors hold different kinds of numbers. The layer needs decimals: use `x.float()`."),
    (r"could not infer output dtype|only floating point|implemented for 'Long'|not implemented for 'Bool'",
     "This operation needs decimals and got whole numbers. Use `x.float()` first."),
    (r"does not require grad and does not have a grad_fn",
     "`backward()` finds no recorded computation. Does a weight have `requires_grad`? `no_grad`, `.detach()`, "
     "`.item()` and comparisons (`>`, `==`) break the record."),
    (r"grad can be implicitly created only for scalar outputs",
     "`backward()` needs one number to start from. Reduce the losses first: `.mean()`."),
    (r"backward through the graph a second time",
     "`backward()` ran twice on the same computation. Compute the loss anew before the second call."),
    (r"optimizer got an empty parameter list",
     "The optimizer got no parameters. If a loop went through `parameters()` before, it is used up: call it again."),
    (r"some parameters appear in more than one parameter group",
     "A parameter stands in two groups. Each belongs to exactly one: leave it out of the other."),
    (r"optimizer can only optimize Tensors, but one of the params is (?:[\w.]*\.)?(\w+)",
     "The optimizer found a {0} where it expects a parameter. Groups are dicts: `{{\"params\": [p, …], …}}`."),
    (r"missing 1 required positional argument: 'closure'",
     "L-BFGS evaluates the loss several times a step. Hand it a function: `optimizer.step(closure)`."),
    (r"(?s)Boolean value of Tensor.*?(\w+Loss)\(.*_reduction\.py",
     "`{0}` is a class: make a loss of it first, then call that: `nn.{0}()(outputs, y)`."),
    (r"(?s)(?:Boolean value of Tensor|truth value of an array)[^\n]*\n"
     r"(?![^\n]*\b(?:if|while|and|or|not)\b)[^\n]*(?<![.\w])(max|min)\(",
     "Python's own `{0}` compares two single values, not entry by entry. "
     "With a number: `.clamp(min=0)`; between two tensors: `torch.{0}imum`."),
    (r"(?s)imum\(\): argument '(?:other|input)'.*must be Tensor|single element can be converted.*torch\.(?:max|min)\(",
     "`torch.maximum` and `torch.minimum` compare two tensors. With a number: `.clamp(min=0)` or `.clamp(max=1)`."),
    (r"Boolean value of Tensor with more than one|truth value of an array",
     "`if` and `and` need one True or False and got many. Entry by entry: `torch.where`, `&`, or the bare comparison."),
    (r"(?s)(?:only one element tensors can be|converted to Scalar|only length-1 arrays|only 0-dim)[^\n]*\n"
     r"(?![^\n]*\b(?:float|int)\()[^\n]*math\.(\w+)\(",
     "`math.{0}` works on a single number. For a whole tensor: `torch.{0}`."),
    (r"only one element tensors can be converted|elements? cannot be converted to Scalar",
     "A single number is needed there and the tensor holds several. `int()`, `float()` and `.item()` take one: leave "
     "them out to work on all entries at once, or go through the entries in a loop."),
    (r"operands could not be broadcast together with shapes \((\d[\d, ]*)\) \((\d[\d, ]*)\)",
     "Shapes ({0}) and ({1}) do not fit together: compared from the right, two sizes are equal or one of them is 1. "
     "In NumPy `keepdims=True` keeps the dimension that a sum or a mean takes away."),
    (r"Dimension out of range .*got (-?\d+)",
     "There is no dimension {0} here. Dimensions count from 0: print the `.shape` and look."),
    (r"[Tt]arget size \(torch\.Size\(\[([\d, ]*)\]\)\).*input size \(torch\.Size\(\[([\d, ]*)\]\)\)",
     "Targets of shape ({0}) meet predictions of shape ({1}). Use `.squeeze(1)` on the one with two dimensions."),
    (r"unexpected keyword argument '(axis|keepdims)'",
     "That function of NumPy does not take a tensor here. PyTorch's own: `X.mean(dim=0)`, with `keepdim=True`."),
    (r"'NoneType' object|type NoneType|got NoneType|not NoneType|and 'NoneType'",
     "Something in that line is None. Does a name start as None, or did a function before it forget its `return`?"),
    (r"before Module.__init__\(\) call|super\(\).__init__\(\) call",
     "A module has to be set up before layers are put into it: begin `__init__` with `super().__init__()`."),
    (r"'(?:method|builtin_function_or_method|function)' object is not (?:iterable|subscriptable)",
     "A function stands where its result is needed: parentheses are missing, as in `model.parameters()`."),
    (r"missing (\d+) required positional arguments?: (.*)",
     "A call in your code leaves out {0} of the arguments: {1}. Compare it with the function's definition."),
    (r"(?<!<locals>)\.(\w+)\(\) takes [^\n]*positional arguments? but \d+ (?:was|were) given",
     "Python hands the object itself to a method first. Does `def {0}(self, …)` begin with `self`, and do the "
     "arguments after it agree with the call?"),
    (r"takes .*positional arguments? but (\d+) (was|were) given",
     "A call in your code hands over {0} arguments, more or fewer than the function takes. "
     "Compare it with the definition."),
    (r"AttributeError: '(?:float|int)' object has no attribute '(backward|grad|detach)'",
     "A bare number, as from `.item()`, has no `{0}`: how it was computed is forgotten. Use the tensor itself."),
    (r"(?s)'bool' object is not callable.*\.training\(",
     "`training` is a flag, True or False, and no function: leave its parentheses out."),
    (r"TypeError: '(Tensor|float|int|bool|str|list|tuple|dict)' object is not callable",
     "A {0} stands before parentheses there, as if it were a function. Is a `*` missing between them, or are square "
     "brackets meant?"),
    (r"TypeError: 'float' object cannot be interpreted as an integer",
     "A whole number is needed there, as in `range(n)`, and a decimal came. `/` makes decimals, `//` whole numbers."),
    (r"TypeError: '\w+' object cannot be interpreted as an integer",
     "A whole number is needed there, as in `range(n)`, and something else came. To go through what it holds, loop "
     "over it as it is: `for x in …`."),
    (r"does not support the context manager protocol|AttributeError: __enter__",
     "What stands after `with` needs its parentheses, as in `with torch.no_grad():`."),
    (r"(too many|not enough) values to unpack",
     "The right side of `=` gives another number of values than there are names on the left. Print it and count."),
    (r"AttributeError: (?:module )?'([\w.]+)' (?:object )?has no attribute '(\w+)'",
     "`{0}` has nothing called `{1}`. Look at the spelling and at the type of what stands before the dot."),
    (r"IndexError: too many indices",
     "There are more indices in the brackets than the tensor has dimensions. Print its `.shape`."),
    (r"IndexError: (?:The shape of the mask|shape mismatch: indexing)",
     "What stands in the brackets does not fit the tensor's shape. Print the `.shape` of both."),
    (r"IndexError: tensors used as indices must be",
     "Positions are whole numbers, or True and False, and these are decimals. Use `.long()`."),
    (r"IndexError: invalid index of a 0-dim",
     "A single number has no positions. Leave the brackets out."),
    (r"IndexError: pop from empty", "The list is empty, so nothing can be taken from it."),
    (r"IndexError: (?:index .*out of (?:range|bounds)|\w+ (?:assignment )?index out of range)",
     "An index points past the end. Positions count from 0, so the last of n is n − 1."),
    (r"KeyError: (.*)", "There is no entry {0} in there. Print the `.keys()` of what stands before the brackets."),
    (r"ZeroDivisionError", "Your code divides by 0. Print what stands below the line: what makes it 0?"),
    (r"ModuleNotFoundError: No module named '([\w.]+)'",
     "Python finds no module `{0}`. Is the name spelled right, and does a file of yours hide a library?"),
    (r"RecursionError", "Your function calls itself without end. Which case should stop it?"),
    (r"tried to allocate (\d+) bytes",
     "This needs {bytes:.1f} GB at once, more than there is; the kernel would stop. "
     "Use fewer examples or a smaller batch."),
    (r"MemoryError|out of memory|bad_alloc|can't allocate memory",
     "This needs more memory than there is; the kernel would stop. Use fewer examples or a smaller batch."),
    (r"Refusal: (\w+)\(\)",
     "`{0}()` is switched off during a check: it would end or hang the kernel. "
     "The function's arguments are all it needs."),
    (r"SystemExit", "Your code asks Python to quit, which would end the kernel. `return` ends a function."),
    (r"KeyboardInterrupt", "Your code interrupts itself. Remove the line that raises KeyboardInterrupt."),
]


OUTSIDE = [                             # what a check never meets, because the cell does not come as far
    (r"SyntaxError: '(.)' was never closed",
     "The bracket `{0}` is opened and not closed. Close it where it should end."),
    (r"SyntaxError: unmatched '(.)'",
     "The bracket `{0}` closes one that was not opened. Count the brackets of this line."),
    (r"SyntaxError: expected ':'",
     "A colon is missing: a line that begins with `def`, `if`, `for`, `while`, `with` or `class` ends in `:`."),
    (r"SyntaxError: unterminated .*string",
     "A quote opens a text here and nothing closes it. Close the text with the same quote."),
    (r"SyntaxError: invalid syntax. Maybe you meant '=='", "`=` gives a name a value; a comparison is written `==`."),
    (r"SyntaxError: .*Perhaps you forgot a comma",
     "Two values stand side by side here. A comma or an operator is missing."),
    (r"SyntaxError: invalid (?:non-printable )?character '?(\S)",
     "The character `{0}` is no part of Python, perhaps copied from a text. Type minus signs and quotes anew."),
    (r"SyntaxError: invalid decimal literal", "A name cannot begin with a digit, and `2x` is written `2 * x`."),
    (r"SyntaxError: 'return' outside function",
     "This `return` belongs to no function. Indent it as the lines of the function above are indented."),
    (r"SyntaxError: positional argument follows keyword",
     "Arguments without a name come first in a call, those with `name=` after them."),
    (r"SyntaxError: cannot assign to", "Only a name, or a place in a list or tensor, can stand to the left of `=`."),
    (r"IndentationError: expected an indented block",
     "The line above ends in a colon, so what belongs to it is indented by four spaces."),
    (r"IndentationError: unexpected indent", "This line is indented and nothing above it asks for that. Move it left."),
    (r"IndentationError: unindent|TabError",
     "This line begins at a place where no line above begins. Indent by four spaces a level, without tabs."),
    (r"SyntaxError", "Python cannot read this line, or the end of the one above. Look for a comma, bracket or sign "
                     "that is missing there."),
    (r"[Ee]llipsis", "Something in this line is still `...`: an exercise further up waits for its answer."),
    (r"ImportError: cannot import name '(\w+)' from '([\w.]+)'",
     "`{1}` has nothing called `{0}` to import. Look at the spelling."),
]
ONLY_INSIDE = ("Refusal", "SystemExit", "KeyboardInterrupt")                # a stop outside of a check is meant


def in_words(raised: Raised, answer: Callable) -> str:
    """A sentence or two about what stopped the learner's code; with Python's own words where we have none."""
    unknown = re.match(r"name '(\w+)' is not defined", raised.message) if raised.kinds[0] == "NameError" else None
    if unknown and names.is_attribute(unknown[1], answer):
        return _attribute_in_words(unknown[1])
    if unknown:
        return names.unknown_name(unknown[1], names.inside(answer), names.around(answer), raised.line)
    hidden = names.hidden_builtin(answer) if "not callable" in raised.message else ""
    if hidden:
        return _hidden_in_words(hidden)
    sentence = _sentence(raised, ACCIDENTS)
    if sentence:
        return sentence
    first_line = raised.message.strip().split("\n")[0][:200].replace("`", "'")
    said = f"{raised.kinds[0]}: {first_line}" if first_line else raised.kinds[0]
    return f"Your code stopped before its end. Python says: `{said}`"


def outside_a_check(problem: BaseException, namespace: dict[str, object]) -> str:
    """A sentence or two about what stopped a cell of a notebook, whose names are `namespace`; "" where we have none.

    The course's own functions say in their messages what to do, so nothing is added to those.
    """
    kinds = tuple(type_name(kind) for kind in type(problem).__mro__)
    frames = list(traceback.walk_tb(problem.__traceback__))
    innermost = frames[-1][0] if frames else None
    if kinds[0] in ONLY_INSIDE or (innermost and str(innermost.f_globals.get("__name__")).startswith("course_utils.")):
        return ""
    lines = traceback.extract_tb(problem.__traceback__)
    own = [number for number, (frame, _) in enumerate(frames) if frame.f_globals is namespace]
    line = (lines[own[-1]].line if own else "") or ""
    trace = "".join(traceback.format_exception(problem))[-20_000:]
    raised = Raised(kinds, str(problem)[:4000], line, trace)
    unknown = re.match(r"name '(\w+)' is not defined", raised.message) if kinds[0] == "NameError" else None
    if unknown and innermost and names.is_attribute(unknown[1], type(innermost.f_locals.get("self"))):
        return _attribute_in_words(unknown[1])
    if unknown:
        arguments = [*innermost.f_code.co_varnames, *innermost.f_code.co_freevars] if innermost else []
        return names.unknown_name(unknown[1], arguments, [*namespace], line)
    called = re.findall(r"(\w+)\(", line) if "not callable" in raised.message else []
    hidden = [name for name in called if hasattr(builtins, name) and name in namespace]
    if hidden:
        return _hidden_in_words(hidden[0])
    return _sentence(raised, OUTSIDE) or _sentence(raised, ACCIDENTS)


def _sentence(raised: Raised, accidents: list[tuple[str, str]]) -> str:
    """The sentence of the first pattern that fits, with the nearest name where one is misspelt; "" if none fits."""
    with_code = f"{raised.said}\n{raised.line}\n{raised.trace}"        # for the patterns that ask where it happened
    for pattern, sentence in accidents:
        found = re.search(pattern, with_code if pattern.startswith("(?s)") else raised.said)
        if found:
            groups = [harmless(group or "", most=60) for group in found.groups()]
            size = float(groups[0]) / 1e9 if "{bytes" in sentence else 0.0
            meant = _meant(raised.kinds[0], groups)
            return sentence.format(*groups, bytes=size) + (f" Did you mean `{meant}`?" if meant else "")
    return ""


def _meant(kind: str, groups: list[str]) -> str:
    """The attribute, the module or the name of a module that a misspelt one is near to."""
    if kind == "AttributeError" and len(groups) == 2:
        return names.attribute(*groups)
    if kind == "ModuleNotFoundError" and groups:
        return names.module(groups[0])
    return names.attribute(groups[1], groups[0]) if kind == "ImportError" and len(groups) == 2 else ""


def _attribute_in_words(name: str) -> str:
    return f"`{name}` belongs to what your class makes. Inside a method write `self.{name}`."


def _hidden_in_words(name: str) -> str:
    return f"`{name}` is now one of your variables, so `{name}(...)` cannot be called. Rename yours, then `del {name}`."


def left_dots(raised: Raised) -> bool:
    """Whether the code stopped because three dots are still in it."""
    kinds = ("TypeError", "AttributeError", "ValueError", "RuntimeError")
    return raised.kinds[0] in kinds and re.search(r"[Ee]llipsis", raised.message) is not None
