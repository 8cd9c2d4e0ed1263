"""Exercises whose answer is code: a function or a class, compared with the solution on every probe."""

import ast
import copy
import dis
import inspect
import re
import textwrap
import time
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from course_utils.checker import explain
from course_utils.checker.base import Exercise, Feedback, Mistake, pressed_stop, still_dots
from course_utils.checker.by_hand import by_hand
from course_utils.checker.compare import USUAL, Tolerance, first_difference
from course_utils.checker.exceptions import left_dots
from course_utils.checker.hidden import name_what_is_hidden
from course_utils.checker.put_back import state_put_back
from course_utils.checker.sandbox import Outcome, Report, run, seed_everything
from course_utils.checker.snapshot import contains_dots, type_name
from course_utils.checker.trials import Trials

OUR_SECONDS = 60.0                      # a time limit for our own code, on slow machines
QUICK = 1.0                             # seconds: an answer that takes no longer may run once more, on other inputs
DOES_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "COPY_FREE_VARS"}


@dataclass(frozen=True, kw_only=True)
class exercise:
    """Decorator that turns a solution into an exercise.

    probes       list of argument tuples; or dict from a description ("the score −200") to such a tuple; or a function
                 without arguments that returns either, for models and optimizers, which are made afresh for each run
    mistakes     wrong answers that are one expression; those that need statements are added by `.mistake`
    hints        to be asked for one by one
    explanation  what follows from the right answer, in a sentence
    axes         what the dimensions of the result count, such as ("images", "classes")
    how          how the needed value comes about, for an answer that no mistake explains: a sentence, or a function of
                 (place, *arguments) that gives one; the place is (1, 0) in a tensor, ("weight", 1, 0) in an observation
    compare_by   function of (result, *arguments) whose value is compared instead of the result: what an update did
    rtol, atol, exact_dtype     see `compare.Tolerance`
    seconds      time limit for one check of all probes
    seed         of the random numbers that probes and answers draw

    A mistake is the code of a wrong answer and one sentence. A wrong answer is recognised by its values on the probes,
    or by what it raises there; nobody writes a predicate. Where two mistakes coincide, or none fits, the feedback shows
    the learner's value beside the expected one.

    @exercise(
        probes=[(torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]]),)],      # distinct sizes, distinct values
        mistakes=[Mistake(lambda logits: torch.softmax(logits, dim=0),
                          "Your columns sum to 1, the rows do not: classes live in dim=1.", "M32")],
        hints=["Raise e to each score.", "Divide each row by its sum: `keepdim=True`."],
        axes=("images", "classes"),
    )
    def softmax(logits):
        '''Each row of scores becomes probabilities.'''
        return (logits - logits.logsumexp(dim=1, keepdim=True)).exp()

    @softmax.mistake("The largest share of each row is gone: work on a copy, `logits.clone()`.")
    def _(logits):                                                          # a wrong answer that needs statements
        logits[logits == logits.amax(dim=1, keepdim=True)] = 0
        return torch.softmax(logits, dim=1)

    In a notebook: `exercises.softmax.check(softmax)`, `.hint()`, `.solution()`.
    """

    probes: Sequence[Any] | dict[str, Any] | Callable[[], Sequence[Any] | dict[str, Any]] = ((),)
    mistakes: Sequence[Mistake] = ()
    hints: Sequence[str] = ()
    explanation: str = ""
    axes: Sequence[str] = ()
    how: Callable[..., str] | str = ""
    compare_by: Callable[..., Any] | None = None
    rtol: float | None = None
    atol: float | None = None
    exact_dtype: bool = False
    seconds: float = 5.0
    seed: int = 0

    def __call__(self, solution: Callable) -> "CodeExercise":
        return CodeExercise(solution, self)


class OurFault(Exception):
    """The solution or the probes failed; the learner's answer says nothing about it."""


class CodeExercise(Exercise):
    """A function (or a class) to write; `settings` are those of its decorator."""

    asks_itself = False
    on_other_inputs = True              # whether an answer that nothing explains is run on others, to see what does

    def __init__(self, solution: Callable, settings: exercise):
        self.right_answer, self.name, self.settings = solution, solution.__name__, settings
        self.mistakes, self.hints, self.explanation = [*settings.mistakes], tuple(settings.hints), settings.explanation
        self._tolerance = Tolerance(settings.rtol, settings.atol, settings.exact_dtype)
        self._known: dict[int, tuple[Outcome, ...]] = {}            # by position in `mistakes`; -1 is the solution
        self._last: explain.Comparison | None = None                # of the last check, None where none came about

    def mistake(self, message: str, id: str | None = None, again: str = "") -> Callable[[Callable], Callable]:
        """Decorator that adds a wrong answer, as code, with the sentence that a learner who makes it needs.

        `again` is for one who makes it twice; without it, the smallest input is shown that the answer gets wrong.
        """
        def add(answer: Callable) -> Callable:
            self.mistakes.append(Mistake(answer, message, id, again))
            return answer
        return add

    def yours_or_ours(self, answer: Callable) -> Callable:
        """`answer` if it is right, else the solution, with a line that says which: for cells that build on an exercise.

            deal = exercises.deal.yours_or_ours(deal)
        """
        yours = self._judged(answer, remember=False).status == "right"
        print(f"`{self.name}`: {'yours' if yours else 'ours, until yours is right'}")
        return answer if yours else self.right_answer

    # ---- judging ----------------------------------------------------------------------------------------------------

    def _check(self, answer: Any) -> Feedback:
        self._last = None
        if early := self._before_running(answer):
            return early
        expected = self.outcomes()
        begun = time.monotonic()
        report = self._run(answer, self.settings.seconds, ours=False)
        is_quick = self.on_other_inputs and time.monotonic() - begun < QUICK
        if report.fault:
            raise OurFault(report.fault)
        if report.mismatch:
            return explain.wrong_parameters(report.mismatch, self.right_answer)
        if report.stopped == "interrupt":
            return pressed_stop()
        if report.stopped == "crash":
            return explain.crashed()
        if report.stopped:
            return explain.ran_too_long(self.settings.seconds, report.alive)
        comparison = self._last = explain.Comparison(report.outcomes, expected, self._probes_again, self.right_answer,
                                                     self._tolerance, tuple(self.settings.axes), self.settings.how)
        verdict = self._judge(comparison, answer, is_quick)
        verdict.more += explain.remarks(comparison)
        if verdict.status != "right":
            name_what_is_hidden(verdict, answer, stopped=any(outcome.raised for outcome in report.outcomes))
        return verdict

    def _further(self, answer: Any) -> str:
        return by_hand(self._last, self.name)

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

    def _judge(self, comparison: explain.Comparison, answer: Callable, is_quick: bool) -> Feedback:
        got, expected = comparison.got, comparison.expected
        if any(contains_dots(outcome.value) or (outcome.raised and left_dots(outcome.raised)) for outcome in got):
            return Feedback("not yet", f"A part of `{self.name}` is still `...`. Nothing is wrong yet: "
                                       "replace the three dots with your code, and run the cell again.")
        if all(alike(*pair, self._tolerance) for pair in zip(got, expected, strict=True)):
            return Feedback("right", self.explanation)
        if known := self.recognised(got):
            return known.feedback(explain.beside(comparison))
        seen = explain.related(comparison) or (self._seen_in_trials(comparison, answer) if is_quick else "")
        return explain.unexpected(comparison, answer, f"{self.call}.check({self.name})", seen)

    def _seen_in_trials(self, comparison: explain.Comparison, answer: Callable) -> str:
        """What shows when an answer whose values nothing explains runs on other inputs."""
        differences = (comparison.difference(number) for number in range(len(comparison.got)))
        if any(found and (found.kind != "value" or type(found.expected) is str) for found in differences):
            return ""                                                   # words of ours say what differs

        def runs(function: Callable, **how: bool) -> Callable:
            return lambda make: run(function, make, compare_by=self.settings.compare_by, seed=self.settings.seed,
                                    seconds=QUICK, **how).outcomes

        trials = Trials(comparison.got, comparison.expected, comparison.parameters,
                        [args for _, args in comparison.probes], lambda: [args for _, args in self.probes()],
                        runs(answer), runs(self.right_answer, ours=True), runs(answer, drawn_anew=True),
                        runs(self.right_answer, ours=True, drawn_anew=True))
        return trials.sentence(of_results=self.settings.compare_by is None)

    def recognised(self, outcomes: Sequence[Outcome]) -> Mistake | None:
        """The one known mistake with these outcomes on every probe; None if there is none, or more than one.

        The tolerance is the usual one: a wider one of the exercise must not make a mistake of a near miss.
        """
        found = []
        for number, mistake in enumerate(self.mistakes):
            known = self.outcomes(number)
            if len(known) == len(outcomes) and all(map(alike, outcomes, known)):
                found.append(mistake)
        return found[0] if len({(mistake.message, mistake.id) for mistake in found}) == 1 else None

    def outcomes(self, number: int = -1) -> tuple[Outcome, ...]:
        """What a known mistake gives on the probes, or the solution (-1). Raises OurFault when the solution fails."""
        if number not in self._known:
            report = self._run(self.right_answer if number < 0 else self.mistakes[number].answer, OUR_SECONDS)
            if report.stopped == "interrupt":
                raise KeyboardInterrupt
            stopped = report.fault or (report.mismatch and f"it takes {report.mismatch}, and a probe gives other "
                                       "arguments") or report.stopped
            said = [outcome.raised.said for outcome in report.outcomes if outcome.raised]
            if number < 0 and (stopped or said or not report.outcomes):
                stopped = f"it takes longer than {OUR_SECONDS:.0f} seconds" if stopped == "time" else stopped
                raise OurFault(f"the solution did not run: {stopped or (said or ['no probes'])[0]}")
            self._known[number] = () if stopped else report.outcomes
        return self._known[number]

    def _run(self, answer: Callable, seconds: float, ours: bool = True) -> Report:
        return run(answer, lambda: [args for _, args in self.probes()], compare_by=self.settings.compare_by,
                   seed=self.settings.seed, seconds=seconds, ours=ours)

    def probes(self) -> list[explain.Probe]:
        """Each probe's description ("" without one) and fresh arguments: made by the author's function, or copied."""
        probes = self.settings.probes
        fresh = probes() if callable(probes) else copy.deepcopy(probes)
        pairs = fresh.items() if isinstance(fresh, dict) else [("", args) for args in fresh]
        return [(label, args if type(args) is tuple else (args,)) for label, args in pairs]

    def _probes_again(self) -> list[explain.Probe]:
        """The probes as the answer met them, to be told; the learner's own random numbers go on as if nothing was."""
        with state_put_back():
            seed_everything(self.settings.seed)
            return self.probes()

    # ---- showing ----------------------------------------------------------------------------------------------------

    @property
    def question(self) -> str:
        """The solution's docstring."""
        return inspect.getdoc(self.right_answer) or ""

    @cached_property
    def solution_source(self) -> str:
        """The text of the solution, from `def` to its last line, without the decorator. To find it takes 10 ms."""
        try:
            text = textwrap.dedent("".join(inspect.getsourcelines(self.right_answer)[0]))
        except (OSError, TypeError):                                    # typed at a prompt, or compiled by somebody
            return f"# The source of `{self.name}` cannot be read."
        return "\n".join(text.split("\n")[ast.parse(text).body[0].lineno - 1:]).rstrip()

    def source_as(self, name: str) -> str:
        return self.solution_source

    def _repr_markdown_(self) -> str:
        return f"{self.question}\n\nCheck yours: `{self.call}.check({self.name})`".strip()


def is_untouched(answer: Any) -> bool:
    """Whether a function does nothing but give back `...`, or ends without giving back anything: a stub.

    One that says `return None` is an answer; where its source can be read, that is seen.
    """
    if type(answer) is not types.FunctionType or _says_return_none(answer):
        return False
    code = list(dis.get_instructions(answer))
    constants = [step.argval for step in code if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in code} <= DOES_NOTHING and constants[-1:] in ([None], [Ellipsis])


def _says_return_none(function: types.FunctionType) -> bool:
    try:
        source = inspect.getsource(function)
    except (OSError, TypeError):
        return False
    return re.search(r"^\s*return\s+None\b", source, re.M) is not None


def alike(got: Outcome, expected: Outcome, tolerance: Tolerance = USUAL) -> bool:
    """Whether two runs gave the same value, or were stopped by the same words."""
    if got.raised and expected.raised:
        return got.raised.said.split("\n")[0] == expected.raised.said.split("\n")[0]
    return not (got.raised or expected.raised) and first_difference(got.value, expected.value, tolerance) is None
