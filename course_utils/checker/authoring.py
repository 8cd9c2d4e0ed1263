"""What an author wants to know of an exercise before a learner meets it: which answers it takes for which.

    for finding in examine(triangle, others=[by_heron, by_numpy]):
        print(finding.text)
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from course_utils.checker.base import Exercise, Mistake, first_sentence
from course_utils.checker.code import CodeExercise, OurFault, alike
from course_utils.checker.mutants import is_refused, mutants_of
from course_utils.checker.values import Prediction

FEWEST_OTHERS = 3


class Finding(NamedTuple):
    """A line about an exercise; `to_mend` where a learner would be told something untrue, else it is advice."""

    text: str
    to_mend: bool = True


def examine(exercise: Exercise, others: Sequence[Any] = ()) -> list[Finding]:
    """All that is to be said of an exercise, worst first; `others` are right answers written in other ways.

    Empty where the solution is right, every mistake is recognised as itself, the others are accepted, no mutant of the
    solution slips through, and an answer has hints. Takes a second or two for an answer in code.
    """
    strangers = [mistake for mistake in exercise.mistakes if not isinstance(mistake, Mistake)]
    if strangers:
        return [Finding(f"Among its mistakes is a {type(strangers[0]).__name__}. Write each as "
                        "`Mistake(the wrong answer, \"what to say\")`.")]
    feedback = exercise.check(exercise.right_answer)
    if feedback.status != "right":
        why = _why_ours_does_not_run(exercise) if isinstance(exercise, CodeExercise) else ""
        return [Finding(f"The solution is not accepted; the rest waits for that. {why or feedback.text}")]
    found = [*_mistakes(exercise), *_others(exercise, others)]
    if isinstance(exercise, CodeExercise):
        found += _slipping_through(exercise)
        if len(others) < FEWEST_OTHERS:
            found.append(Finding(f"Give {FEWEST_OTHERS} other right answers or more, written in other ways: "
                                 "a loop, NumPy, another function.", to_mend=False))
        if not exercise.question:
            found.append(Finding("A docstring of the solution would be the question.", to_mend=False))
    if not exercise.hints and not isinstance(exercise, Prediction):
        found.append(Finding("It has no hints.", to_mend=False))
    return sorted(found, key=lambda finding: not finding.to_mend)


def _why_ours_does_not_run(exercise: CodeExercise) -> str:
    """What keeps the solution from running on its own probes, which to a learner is our fault; "" where it runs."""
    try:
        exercise.outcomes()
    except OurFault as fault:
        probes = exercise.settings.probes
        if not callable(probes) and len(probes) == 0:
            return "It has no probes. Give tuples of arguments: `@exercise(probes=[(5.0, 3.0), (2.0, 7.0)])`."
        return f"On its own probes {fault}."
    return ""


def _mistakes(exercise: Exercise) -> Iterator[Finding]:
    """Each mistake that is not told its own message, and which other one it cannot be told from."""
    together = coinciding(exercise) if isinstance(exercise, CodeExercise) else []
    for first, second in together:
        yield Finding(f"{_named(exercise, first)} and {_named(exercise, second)} coincide: on every probe their values "
                      "are the same. Add a probe that tells them apart, or give both the same message.")
    explained = {number for pair in together for number in pair}
    for number, mistake in enumerate(exercise.mistakes):
        feedback = exercise.check(mistake.answer)
        if feedback.message == mistake.message.strip() or number in explained:
            continue
        if feedback.status == "right":
            yield Finding(f"{_named(exercise, number)} is accepted as right: no probe shows that it is wrong.")
        elif _of(exercise, feedback.message):
            yield Finding(f"{_named(exercise, number)} is taken for “{_beginning(feedback.message)}”.")
        else:
            yield Finding(f"{_named(exercise, number)} is not recognised. A learner reads: {feedback.text}")


def coinciding(exercise: CodeExercise) -> list[tuple[int, int]]:
    """Pairs of mistakes, by position, with other messages and the same values on every probe."""
    outcomes = [exercise.outcomes(number) for number in range(len(exercise.mistakes))]
    return [(i, j) for i, j in combinations(range(len(outcomes)), 2)
            if exercise.mistakes[i].message != exercise.mistakes[j].message
            and outcomes[i] and len(outcomes[i]) == len(outcomes[j]) and all(map(alike, outcomes[i], outcomes[j]))]


def _others(exercise: Exercise, others: Sequence[Any]) -> Iterator[Finding]:
    for number, other in enumerate(others, start=1):
        feedback = exercise.check(other)
        if feedback.status != "right":
            name = getattr(other, "__name__", "")
            which = f" (`{name}`)" if name.isidentifier() else ""
            yield Finding(f"Right answer {number}{which} is refused. A learner reads: {feedback.text}")


def _slipping_through(exercise: CodeExercise) -> Iterator[Finding]:
    try:
        altered = list(mutants_of(exercise))
    except OSError:
        yield Finding("The source of the solution cannot be read, so it was not altered to try the probes.",
                      to_mend=False)
        return
    for mutant in altered:
        if not is_refused(exercise, mutant.answer):
            yield Finding(f"Slips through: {mutant.change}. Add a probe on which that shows, unless it is as good.",
                          to_mend=False)


def _named(exercise: Exercise, number: int) -> str:
    return f"Mistake {number + 1} (“{_beginning(exercise.mistakes[number].message)}”)"


def _of(exercise: Exercise, message: str) -> list[Mistake]:
    return [mistake for mistake in exercise.mistakes if mistake.message.strip() == message]


def _beginning(message: str) -> str:
    return first_sentence(message)[0][:70]
