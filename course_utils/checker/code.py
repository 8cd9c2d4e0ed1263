"""An exercise is its solution, decorated; a mistake is the code of a wrong answer and one sentence.

    import torch
    from course_utils.checker.code import Choice, Mistake, Number, Order, Prediction, exercise

    @exercise(
        probes=[(torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]]),)],      # tuples of arguments: distinct sizes
        hints=["Raise e to each score.", "Divide each row by its sum: `keepdim=True`."],
        mistakes=[Mistake(lambda logits: torch.softmax(logits, dim=0),
                          "Your columns sum to 1, the rows do not: classes live in dim=1.", "M32")],
        axes=("images", "classes"),
        explanation="Rows that sum to 1 can be read as probabilities.",
    )
    def softmax(logits):
        '''Each row of scores becomes probabilities.'''
        return (logits - logits.logsumexp(dim=1, keepdim=True)).exp()

    @softmax.mistake("The largest share of each row is gone: work on a copy, `logits.clone()`.")
    def _(logits):                                                      # a wrong answer that needs statements
        logits[logits == logits.amax(dim=1, keepdim=True)] = 0
        return torch.softmax(logits, dim=1)

    half = Number("Which probability does a logit of 0 mean?", answer=0.5,
                  mistakes=[Mistake(0.0, "A logit is a score; the sigmoid makes it a probability.", "M01")])

In a notebook: `exercises.softmax.check(softmax)`, `.hint()`, `.solution()`. A wrong answer is recognised by its values
on the probes, or by what it raises there; nobody writes a predicate. Where two mistakes coincide, or none fits, the
feedback shows the learner's value beside the needed one.
"""

import ast
import copy
import dis
import inspect
import textwrap
import types
from collections.abc import Callable, Sequence
from typing import Any

import torch

from course_utils.checker.base import Exercise, Feedback, Mistake, pressed_stop, still_dots
from course_utils.checker.compare import as_tensor, describe, describe_both, first_difference, is_numeric
from course_utils.checker.differences import all_with_all, difference_in_words, gave_none_in_words, named_place
from course_utils.checker.exceptions import in_words, left_dots
from course_utils.checker.isolation import state_put_back
from course_utils.checker.relations import relation
from course_utils.checker.sandbox import Outcome, Report, run, seed_everything
from course_utils.checker.snapshot import contains_dots, snapshot, type_name

OUR_SECONDS = 60.0                      # a time limit for our own code, on slow machines
DOES_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "COPY_FREE_VARS"}


def exercise(**settings) -> Callable[[Callable], "CodeExercise"]:
    """Decorator that turns a solution into an exercise; the settings are those of `CodeExercise`."""
    return lambda solution: CodeExercise(solution, **settings)


class OurFault(Exception):
    """The solution or the probes failed; the learner's answer says nothing about it."""


class CodeExercise(Exercise):
    """A function (or a class) to write, compared with the solution on every probe.

    probes       list of argument tuples; or dict from a description ("the score −200") to such a tuple; or a function
                 without arguments that returns either, for models and optimizers, which are made afresh for each run
    mistakes     wrong answers that are one expression; those that need statements are added by `.mistake`
    compare_by   function of (result, *arguments) whose value is compared instead of the result: what an update did
    rtol, atol   tolerance; without it one that suits the dtype (see `answers.first_difference`)
    exact_dtype  whether float64 in place of float32, or 0.0 in place of 0, is wrong
    axes         what the dimensions of the result count, such as ("images", "classes")
    explanation  what follows from the right answer, in a sentence
    seconds      time limit for one check of all probes
    """

    def __init__(self, solution: Callable, *, probes: Any = ((),), mistakes: Sequence[Mistake] = (),
                 hints: Sequence[str] = (), compare_by: Callable | None = None, rtol: float | None = None,
                 atol: float | None = None, exact_dtype: bool = False, axes: Sequence[str] = (), explanation: str = "",
                 seconds: float = 5.0, seed: int = 0):
        self.right_answer, self.hints, self.explanation, self.axes = solution, tuple(hints), explanation, tuple(axes)
        self.name = solution.__name__
        self.mistakes = list(mistakes)
        self._probes, self._compare_by, self._seed, self.seconds = probes, compare_by, seed, seconds
        self._tolerance = {"rtol": rtol, "atol": atol, "exact_dtype": exact_dtype}
        self._known: dict[int, tuple[Outcome, ...]] = {}            # by position in `mistakes`; -1 is the solution

    def mistake(self, message: str, id: str | None = None) -> Callable[[Callable], Callable]:
        """Decorator that adds a wrong answer, as code, with the sentence that a learner who makes it needs."""
        def add(answer: Callable) -> Callable:
            self.mistakes.append(Mistake(answer, message, id))
            return answer
        return add

    # ---- judging ----------------------------------------------------------------------------------------------------

    def _check(self, answer: Any) -> Feedback:
        early = self._before_running(answer)
        if early:
            return early
        try:
            needed = self.outcomes()
        except OurFault as fault:
            return self._our_fault(str(fault))
        report = self._run(answer, self.seconds)
        if report.fault:
            return self._our_fault(report.fault)
        if report.mismatch:
            return self._wrong_parameters(report.mismatch)
        if report.stopped == "interrupt":
            return pressed_stop()
        if report.stopped:
            return self._ran_too_long(report)
        verdict = self._judge(report.outcomes, needed, answer)
        verdict.more += self._remarks(report.outcomes, needed)
        return verdict

    def _before_running(self, answer: Any) -> Feedback | None:
        name, kind = self.name, type(answer)
        if answer is Ellipsis or is_untouched(answer):
            return still_dots(name)
        if issubclass(kind, str):
            return Feedback("not yet", f"Give the function itself, without quotes: `{self.call}.check({name})`.")
        if issubclass(kind, type) and not isinstance(self.right_answer, type):
            return Feedback("not yet", f"A function is needed and this is a class. Begin with `def {name}(…):`.")
        if isinstance(self.right_answer, type) and issubclass(kind, torch.nn.Module):
            return Feedback("not yet", f"Give the class itself, without making one of it: `{self.call}.check({name})`.")
        if not callable(answer):
            what = "None, perhaps the result of a call" if answer is None else f"a value of type {type_name(kind)}"
            return Feedback("not yet", f"The check got {what}; it needs the function. "
                                       f"Give its name without calling it: `{self.call}.check({name})`.")
        return None

    def _judge(self, outcomes, needed, answer) -> Feedback:
        if any(contains_dots(outcome.value) or (outcome.raised and left_dots(outcome.raised)) for outcome in outcomes):
            return Feedback("not yet", f"A part of `{self.name}` is still `...`. Nothing is wrong yet: "
                                       "replace the three dots with your code, run that cell, then this one.")
        if len(outcomes) == len(needed) and all(map(self._alike, outcomes, needed)):
            return Feedback("right", self.explanation)
        known = self.recognised(outcomes)
        if known:
            return self._recognised(known, self._beside(outcomes, needed))
        number = next(i for i, pair in enumerate(zip(outcomes, needed, strict=True)) if not self._alike(*pair))
        return self._neutral(outcomes, needed, number, answer)

    def recognised(self, outcomes: Sequence[Outcome]) -> Mistake | None:
        """The one known mistake with these outcomes on every probe; None if there is none, or more than one."""
        found = []
        for number, mistake in enumerate(self.mistakes):
            theirs = self.outcomes(number)
            if len(theirs) == len(outcomes) and all(map(self._alike_exactly, outcomes, theirs)):
                found.append(mistake)
        return found[0] if found and len({(mistake.message, mistake.id) for mistake in found}) == 1 else None

    def _alike(self, got: Outcome, needed: Outcome, **tolerance) -> bool:
        if got.raised or needed.raised:
            return bool(got.raised and needed.raised) and _first_line(got) == _first_line(needed)
        return first_difference(got.value, needed.value, **{**self._tolerance, **tolerance}) is None

    def _alike_exactly(self, got: Outcome, needed: Outcome) -> bool:
        """For mistakes, which are never recognised within a tolerance that an author widened."""
        return self._alike(got, needed, rtol=None, atol=None)

    def outcomes(self, number: int = -1) -> tuple[Outcome, ...]:
        """What a known mistake gives on the probes, or the solution (-1). Raises OurFault when the solution fails."""
        if number not in self._known:
            report = self._run(self.right_answer if number < 0 else self.mistakes[number].answer, OUR_SECONDS)
            if report.stopped == "interrupt":
                raise KeyboardInterrupt
            stopped = report.fault or report.mismatch or report.stopped
            raised = [outcome.raised for outcome in report.outcomes if outcome.raised]
            if number < 0 and (stopped or raised or not report.outcomes):
                said = stopped or (f"{raised[0].kinds[0]}: {raised[0].message}" if raised else "no probes")
                raise OurFault(f"the solution did not run: {said}")
            self._known[number] = () if stopped else report.outcomes
        return self._known[number]

    def _run(self, answer: Callable, seconds: float) -> Report:
        return run(answer, self._arguments, compare_by=self._compare_by, seed=self._seed, seconds=seconds)

    def _arguments(self) -> list[tuple]:
        """Fresh arguments for each probe: made by the author's function, or copied."""
        return [args for _, args in self.probes()]

    def probes(self) -> list[tuple[str, tuple]]:
        """Each probe's description ("" without one) and a fresh copy of its arguments."""
        probes = self._probes() if callable(self._probes) else copy.deepcopy(self._probes)
        pairs = probes.items() if isinstance(probes, dict) else [("", args) for args in probes]
        return [(label, args if type(args) is tuple else (args,)) for label, args in pairs]

    def _probes_again(self) -> list[tuple[str, tuple]]:
        """The probes as the answer met them, to be told; the learner's own random numbers go on as if nothing was."""
        with state_put_back():
            seed_everything(self._seed)
            return self.probes()

    # ---- wording ----------------------------------------------------------------------------------------------------

    def _neutral(self, outcomes, needed, number: int, answer: Callable) -> Feedback:
        """What is said of an answer that no mistake explains; `number` is the first probe where it differs."""
        got, needed, related = outcomes[number], needed[number], self._relation(outcomes, needed)
        place = self._probe_in_words(number)
        where = f"The input was {place}." if place else ""
        difference = None if got.raised else first_difference(got.value, needed.value, **self._tolerance)
        if got.gave_none and not needed.gave_none and (got.raised or difference.kind == "nothing"):
            if not all(outcome.gave_none for outcome in outcomes):
                said = "In one case your function gives back None. Each case needs its `return`."
                return Feedback("wrong", said, where, ask=self._ask())
            return Feedback("wrong", gave_none_in_words(answer, got.printed), ask=self._ask())
        if got.raised:
            line = f"It stopped at: `{got.raised.line.replace('`', chr(39))}`" if got.raised.line else ""
            used = "Your function ran; using what it gave back did not work." if got.raised.while_comparing else ""
            if used and isinstance(self.right_answer, type):
                used = "An object of your class was made; using it did not work."
            own_words = f"Python's own words: `{self.call}.check({self.name}).explain()`"
            return Feedback("wrong", in_words(got.raised, answer), used, line, where if number else "", own_words,
                            ask=self._ask(), trace=got.raised.trace)
        compared = [text for text in got.warnings if "Using a target size" in text]
        if compared and all_with_all(compared[0]):
            return Feedback("wrong", all_with_all(compared[0]), ask=self._ask())
        told = difference.kind in ("value", "shape", "dtype", "length")
        return Feedback("wrong", difference_in_words(difference, self.axes), related, where if told else "",
                        ask=self._ask())

    def _relation(self, outcomes, needed) -> str:
        if any(outcome.raised for outcome in outcomes):
            return ""
        first = [args[0] if args else None for _, args in self._probes_again()]
        rows = [len(arg) if isinstance(arg, torch.Tensor) and arg.dim() else None for arg in first]
        return relation([(got.value, want.value) for got, want in zip(outcomes, needed, strict=True)], rows)

    def _beside(self, outcomes, needed) -> str:
        """The learner's value and the needed one, at the first difference, under a recognised mistake."""
        for number, (got, want) in enumerate(zip(outcomes, needed, strict=True)):
            if got.raised or self._alike(got, want):
                continue
            found = first_difference(got.value, want.value, **self._tolerance)
            if found.kind != "value":
                return ""
            yours, ours = describe_both(found.got, found.needed)
            place = self._probe_in_words(number)
            what = named_place(found.where) or f"your value{' at ' + found.where if found.where else ''}"
            return f"For {place}: {what} is `{yours}`; `{ours}` is needed." if place else \
                f"{what[0].upper()}{what[1:]} is `{yours}`; `{ours}` is needed."
        return ""

    def _probe_in_words(self, number: int) -> str:
        label, args = self._probes_again()[number]
        if label:
            return label
        names = list(inspect.signature(self.right_answer).parameters)
        words = [f"`{name} = {describe(plain)}`" for name, plain in zip(names, snapshot(args), strict=False)
                 if is_numeric(plain) or type(plain) is str]
        return ", ".join(words)

    def _wrong_parameters(self, theirs: str) -> Feedback:
        ours = ", ".join(inspect.signature(self.right_answer).parameters)
        if isinstance(self.right_answer, type):
            return Feedback("not yet", f"Your class takes `{theirs}`; it is made with `({ours})`. "
                                       f"Its first method begins with `def __init__(self, {ours}):`.")
        return Feedback("not yet", f"Your function takes `{theirs}`; it is called with `({ours})`. "
                                   f"Begin with `def {self.name}({ours}):`.")

    def _ran_too_long(self, report: Report) -> Feedback:
        still = "It could not be stopped and still runs: menu Kernel > Restart Kernel." if report.alive else ""
        return Feedback("wrong", f"Your code did not finish in {self.seconds:g} seconds, so we stopped it. "
                                 "Is there a `while` whose condition never becomes false?", still, ask=self._ask())

    def _remarks(self, outcomes, needed) -> list[str]:
        """What is worth knowing and does not decide: inputs changed, warnings, prints."""
        remarks = []
        names = list(inspect.signature(self.right_answer).parameters)
        changed = {i for got, want in zip(outcomes, needed, strict=False) for i in set(got.changed) - set(want.changed)}
        arguments = self._probes_again()[0][1] if changed else ()
        changed = {i for i in changed if not isinstance(arguments[i], torch.nn.Module)}     # models are there to change
        if changed:
            name = names[min(*changed, len(names) - 1)]
            copied = "clone" if isinstance(arguments[min(changed)], torch.Tensor) else "copy"
            remarks.append(f"By the way: your function changes its input `{name}` in place, which surprises its "
                           f"caller. Work on a copy: `{name}.{copied}()`.")
        usual = {text for outcome in needed for text in outcome.warnings}
        warned = [text for outcome in outcomes for text in outcome.warnings if text not in usual]
        if warned:
            first = warned[0].strip().split("\n")[0][:160].replace("`", "'")
            remarks.append(f"Python also warned: `{first}`")
        if outcomes and outcomes[0].printed.strip():
            shown = outcomes[0].printed.strip()[:400].replace("`", "'")
            remarks.append(f"Your function printed: `{shown}`")
        lists = [outcome.value for outcome in outcomes if type(outcome.value) is list and outcome.value]
        wanted = [as_tensor(want.value) for want in needed if is_numeric(want.value)]
        if len(lists) == len(needed) and all(as_tensor(answer) is not None for answer in lists) \
                and any(tensor.dim() for tensor in wanted):
            remarks.append("Your answer is a list or tuple. The lessons go on with tensors: `torch.tensor(...)`.")
        return remarks

    # ---- showing ----------------------------------------------------------------------------------------------------

    @property
    def question(self) -> str:
        """The solution's docstring."""
        return inspect.getdoc(self.right_answer) or ""

    @property
    def solution_source(self) -> str:
        """The text of the solution, from `def` to its last line, without the decorator."""
        text = textwrap.dedent("".join(inspect.getsourcelines(self.right_answer)[0]))
        first = ast.parse(text).body[0].lineno
        return "\n".join(text.split("\n")[first - 1:]).rstrip()

    def source_as(self, name: str) -> str:
        return self.solution_source

    def _repr_markdown_(self):
        return f"{self.question}\n\nCheck yours: `{self.call}.check({self.name})`".strip()


def is_untouched(answer: Any) -> bool:
    """Whether a function does nothing but give back `...` or None: a stub."""
    if type(answer) is not types.FunctionType:
        return False
    code = list(dis.get_instructions(answer))
    constants = [step.argval for step in code if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in code} <= DOES_NOTHING and constants[-1:] in ([None], [Ellipsis])


def _first_line(outcome: Outcome) -> tuple[str, str]:
    return outcome.raised.kinds[0], outcome.raised.message.strip().split("\n")[0]
