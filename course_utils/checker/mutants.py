"""A solution altered mechanically, one small thing at a time. A check that accepts such a mutant has weak probes.

    for mutant in mutants_of(exercises.softmax):
        if not is_refused(exercises.softmax, mutant.answer):
            print(mutant.change)            # in `return e / e.sum(dim=1, keepdim=True)`: `1` becomes `0`
"""

import ast
import copy
import dataclasses
import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from course_utils.checker.alterations import alterations
from course_utils.checker.code import CodeExercise

SECONDS = 0.5                           # of computing: a mutant whose loop never ends is refused after that


class Mutant(NamedTuple):
    """One altered solution: what was changed, in words that stay the same when lines move, and its code."""

    change: str
    answer: Callable


class _Slot(NamedTuple):
    """A place in the tree: the list or the node that holds something, and its index or field there."""

    owner: Any
    key: Any
    statement: ast.AST                  # around it

    def get(self) -> Any:
        return getattr(self.owner, self.key) if isinstance(self.key, str) else self.owner[self.key]

    def put(self, node: ast.AST) -> None:
        if isinstance(self.owner, list):
            self.owner[self.key] = node
        else:
            setattr(self.owner, self.key, node)


def mutants_of(exercise: CodeExercise) -> Iterator[Mutant]:
    """Every mutant of an exercise's solution.

    Raises OSError where the source of the solution cannot be read.
    """
    tree = ast.parse(exercise.solution_source)
    if not tree.body:
        raise OSError(f"the source of {exercise.name} cannot be read")
    (definition,) = tree.body
    seen: Counter[str] = Counter()
    for slot in list(_slots(definition, definition)):
        original, text = slot.get(), _first_line(slot.statement)
        for altered in (*alterations(original), *_of_this_solution(original, definition)):
            slot.put(ast.fix_missing_locations(ast.copy_location(altered, original)))
            change = _in_words(original, altered, text)
            answer = _compiled(tree, exercise.right_answer)
            slot.put(original)
            seen[change] += 1
            yield Mutant(change if seen[change] == 1 else f"{change} ({seen[change]})", answer)


def is_refused(exercise: CodeExercise, answer: Callable) -> bool:
    """Whether a check says of an answer anything but "right". One that does not end gets less time than a learner's."""
    quick = copy.copy(exercise)
    quick.settings = dataclasses.replace(exercise.settings, seconds=min(SECONDS, exercise.settings.seconds))
    quick.on_other_inputs = False       # that explains an answer, and here only the verdict counts
    return quick.check(answer).status != "right"


def _slots(node: ast.AST, statement: ast.AST) -> Iterator[_Slot]:
    """Every place below a node, but for decorators, annotations, the names of parameters, and tables of numbers."""
    for field, value in ast.iter_fields(node):
        if field in ("decorator_list", "annotation", "returns", "bases") or isinstance(value, ast.arguments):
            continue
        if isinstance(value, list) and isinstance(node, ast.List) and all(isinstance(row, ast.List) for row in value):
            continue
        places: list[Any] = [(value, i) for i in range(len(value))] if isinstance(value, list) else [(node, field)]
        for owner, key in places:
            child = _Slot(owner, key, statement).get()
            if isinstance(child, ast.AST) and getattr(child, "arg", "") != "strict":       # a guard, and no more
                around = child if isinstance(child, ast.stmt) else statement
                yield _Slot(owner, key, around)
                yield from _slots(child, around)


def _of_this_solution(node: ast.AST, definition: ast.AST) -> Iterator[ast.AST]:
    """Changes that need a look at the whole: another parameter, and an assignment to what has a value without it."""
    arguments = definition.args.args if isinstance(definition, ast.FunctionDef) else []
    parameters = [argument.arg for argument in arguments]
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters and len(parameters) > 1:
        following = (parameters.index(node.id) + 1) % len(parameters)
        yield ast.Name(parameters[following], ast.Load())
    if isinstance(node, ast.Assign):
        stored = [part.id for part in ast.walk(definition) if isinstance(part, ast.Name)
                  and isinstance(part.ctx, ast.Store)] + parameters
        new = any(stored.count(part.id) == 1 for target in node.targets for part in ast.walk(target)
                  if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
        if not new:
            yield ast.Pass()


def _compiled(tree: ast.Module, solution: Callable) -> Callable:
    """The function or class that the altered text defines, among the names that the solution itself sees."""
    source = ast.fix_missing_locations(copy.deepcopy(tree))
    function = solution if inspect.isfunction(solution) else vars(solution).get("__init__", solution)
    names = dict(getattr(function, "__globals__", {}))
    if inspect.isfunction(function):
        names |= inspect.getclosurevars(function).nonlocals
    exec(compile(source, "<mutant>", "exec"), names)        # the author's own code, altered; never a learner's text
    return names[source.body[0].name]                       # type: ignore[attr-defined]


def _first_line(statement: ast.AST) -> str:
    return ast.unparse(statement).split("\n")[0]


def _in_words(original: ast.AST, altered: ast.AST, statement: str) -> str:
    if isinstance(altered, ast.Pass):
        return f"`{statement}` is left out"
    if isinstance(original, ast.stmt):
        kept = isinstance(altered, ast.If) and isinstance(original, ast.With)
        return f"`{statement}` " + ("is left out, its body kept" if kept else f"becomes `{_first_line(altered)}`")
    if isinstance(original, ast.comprehension):
        return f"in `{statement}`: a condition is left out"
    return f"in `{statement}`: `{ast.unparse(original)}` becomes `{ast.unparse(altered)}`"
