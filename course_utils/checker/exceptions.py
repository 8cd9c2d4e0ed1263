"""What Python and PyTorch say when code stops, in the course's words: what happened, why, what to do.

Each pattern is looked for in "ClassName: message"; its groups fill the sentence. The first that fits wins. Patterns
that begin with (?s) see the learner's line after it, and then the traceback.
"""

import builtins
import difflib
import dis
import re
import types
from collections.abc import Callable

from course_utils.checker.sandbox import Raised

ACCIDENTS = [
    (r"UnboundLocalError: .*'(\w+)'",
     "`{0}` is used before it has a value inside your function. Give it one first, or take it as an argument."),
    (r"NameError: name '(\w+)' is not defined",
     "Python does not know `{0}` yet. After a restart all names are gone. Menu Run > Run All Above Selected Cell."),
    (r"leaf Variable that requires grad",
     "A weight that learns may be changed only while nothing is recorded. "
     "Put the change inside `with torch.no_grad():`."),
    (r"Can't call numpy\(\) on Tensor that requires grad",
     "This tensor remembers how it was computed, and numpy cannot. Use `t.detach()` first."),
    (r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
     "({0}, {1}) times ({2}, {3}) does not work: {1} columns meet {2} rows. The two inner numbers must be equal: "
     "try `.T` on one, or `x.flatten(1)` for images."),
    (r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
     "A size of {0} meets a size of {1} in the same dimension. "
     "Print both `.shape`; `keepdim=True` or `.T` may be missing."),
    (r"inconsistent tensor size|size mismatch, got|shapes? .*not aligned|must match the size",
     "Two shapes do not fit together. Print the `.shape` of both sides of that line."),
    (r"Target (-?\d+) is out of bounds",
     "Found label {0}, which the model has no output for. "
     "K classes are numbered 0 to K − 1: are yours counted from 1?"),
    (r"multi-target not supported",
     "The labels have one column too many: shape (N,) is needed, one class number each. Use `y.squeeze(1)`."),
    (r"Expected floating point type for target with class probabilities",
     "Labels hold one column per class, as whole numbers. Give the class number instead: `y.argmax(dim=1)`."),
    (r"expected target dtype to be Long|expected scalar type Long but found|expected[^\n]{0,80} Long [^\n]{0,80}target",
     "Labels hold decimals. Class numbers must be whole numbers. Use `y.long()`."),
    (r"can't be cast to the desired output type (Long|Int|Bool)|Found dtype Long but expected Float",
     "A 0/1 target holds whole numbers where this loss needs decimals. Use `y.float()`."),
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
     "A single number is needed there and the tensor holds several. Reduce it first, for example with `.mean()`."),
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
    (r"KeyError: (.*)", "There is no entry {0} in that dict. Print its `.keys()`."),
    (r"ZeroDivisionError", "Your code divides by 0. Which of the inputs makes the denominator 0?"),
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


def in_words(raised: Raised, answer: Callable) -> str:
    """A sentence or two about what stopped the learner's code; with Python's own words where we have none."""
    said = raised.said
    with_code = f"{said}\n{raised.line}\n{raised.trace}"               # for the patterns that ask where it happened
    hidden = hidden_builtin(answer) if "not callable" in raised.message else ""
    if hidden:
        return f"`{hidden}` is now one of your variables, so `{hidden}(...)` cannot be called. " \
               f"Rename yours, then `del {hidden}`."
    for pattern, sentence in ACCIDENTS:
        found = re.search(pattern, with_code if pattern.startswith("(?s)") else said)
        if found:
            groups = [(group or "")[:60] for group in found.groups()]
            size = float(groups[0]) / 1e9 if "{bytes" in sentence else 0.0
            if raised.kinds[0] == "NameError" and groups and _is_attribute(groups[0], answer):
                return f"`{groups[0]}` belongs to what your class makes. Inside a method write `self.{groups[0]}`."
            meant = _similar_name(groups[0], answer) if raised.kinds[0] == "NameError" and groups else ""
            return sentence.format(*groups, bytes=size) + (f" Or did you mean `{meant}`?" if meant else "")
    first_line = raised.message.strip().split("\n")[0][:200].replace("`", "'")
    said = f"{raised.kinds[0]}: {first_line}" if first_line else raised.kinds[0]
    return f"Your code stopped before its end. Python says: `{said}`"


def _is_attribute(name: str, answer: Callable) -> bool:
    """Whether a class defines a method of that name, or one of its methods sets it on `self`."""
    if not issubclass(type(answer), type):
        return False
    methods = {key: member for key, member in vars(answer).items() if type(member) is types.FunctionType}
    steps = [step for method in methods.values() for step in dis.get_instructions(method)]
    return name in methods or any(step.opname == "STORE_ATTR" and step.argval == name for step in steps)


def _similar_name(name: str, answer: Callable) -> str:
    if type(answer) is not types.FunctionType:
        return ""
    known = [other for other in (*answer.__code__.co_varnames, *answer.__globals__, *dir(builtins))
             if type(other) is str]
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.75)), "")


def left_dots(raised: Raised) -> bool:
    """Whether the code stopped because three dots are still in it."""
    kinds = ("TypeError", "AttributeError", "ValueError", "RuntimeError")
    return raised.kinds[0] in kinds and re.search(r"[Ee]llipsis", raised.message) is not None


def hidden_builtin(answer: Callable) -> str:
    """The name of a built-in function that a global variable hides and the function uses; "" if there is none."""
    if type(answer) is not types.FunctionType:
        return ""
    called = [step.argval for step in dis.get_instructions(answer) if step.opname == "LOAD_GLOBAL"]
    names = [name for name in called
             if hasattr(builtins, name) and name in answer.__globals__ and not callable(answer.__globals__[name])]
    return names[0] if names else ""
