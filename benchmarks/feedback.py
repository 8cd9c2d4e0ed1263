"""How well the checks understand answers that nobody planned: prints all bars, and stores them in benchmarks/results/.

python -m benchmarks.feedback                            # minutes; what hypothesis draws is left to a second command:
python -m benchmarks.feedback --arbitrary                # also the arbitrary answers of a push
python -m benchmarks.feedback --arbitrary --nightly      # ten thousand of them
python -m benchmarks.feedback --lesson softmax_regression
"""

import argparse
import contextlib
import datetime
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
sys.path.insert(0, str(ROOT / "tests"))                 # the answers, and how other inputs are drawn, live there


class Line(NamedTuple):
    """One figure: what was counted, how many there were, and the bar, if there is one."""

    what: str
    figure: str
    bar: str = ""
    met: bool = True

    def __str__(self) -> str:
        verdict = f"{self.bar}: {'met' if self.met else 'not met'}" if self.bar else ""
        return f"| {self.what} | {self.figure} | {verdict} |"


def percent(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.3g} %)" if whole else f"{part} of 0"


def wrong_lines(outcomes: Iterable[str], which: str) -> Iterator[Line]:
    """About wrong answers; each comes as what was said of it."""
    said = Counter(outcomes)
    n, refused = said.total(), said.total() - said["accepted"]
    yield Line(f"wrong answers, {which}", str(n), "at least one", n > 0)
    if not n:
        return
    yield Line(f"wrong answers, {which}: refused", percent(refused, n), "all", refused == n)
    named = said["named"]
    yield Line(f"wrong answers, {which}: named rightly", percent(named, refused), "≥ 85 %", named >= 0.85 * refused)
    yield Line(f"wrong answers, {which}: neutral message", percent(said["neutral"], refused))
    for what in ("wrongly named", "not judged"):
        yield Line(f"wrong answers, {which}: {what}", str(said[what]), "0", not said[what])


def wrong_answers_of(catalogues: list[str]) -> Iterator[Line]:
    """Held out: written without a look at the catalogue, and what was said at the first try."""
    from wrong_answers import outcome, wrong_answers

    held_out, today = [], []
    for catalogue, name, exercise in asked(catalogues):
        for wrong in wrong_answers(catalogue).get(name, []):
            came = outcome(exercise, wrong, exercise.check(wrong.answer))
            today.append(came)
            if wrong.held_out:
                held_out.append(wrong.first or came)
    yield from wrong_lines(held_out, "held out, at the first try")
    yield from wrong_lines(today, "all, today")


def right_answers_of(catalogues: list[str]) -> Iterator[Line]:
    from test_exercises import other_answers
    from test_right_answers import DRAWS, HOOKS, on_other_probes

    n = rejected = tried = 0
    counts = []
    for catalogue, name, exercise in asked(catalogues, code=True):
        others = other_answers(catalogue, name)
        counts.append(len(others))
        drawn = on_other_probes(exercise, DRAWS, HOOKS.get(f"{catalogue}.{name}"))
        for answer in others:
            n += 1
            tried += len(drawn.probes())
            rejected += exercise.check(answer).status != "right" or drawn.check(answer).status != "right"
    fewest = min(counts, default=0)
    yield Line("right answers in code, beside the solutions", str(n))
    yield Line("right answers an exercise: the fewest", str(fewest), "≥ 5", fewest >= 5)
    yield Line(f"right answers on other inputs, {DRAWS} sets for each exercise", f"{tried:,} calls")
    yield Line("right answers rejected", str(rejected), "0", not rejected)


def mutants_in(catalogues: list[str]) -> Iterator[Line]:
    from test_mutants import equivalents

    from course_utils.checker import is_refused, mutants_of

    made = refused = listed = 0
    known = equivalents()
    for catalogue, name, exercise in asked(catalogues, code=True):
        for mutant in mutants_of(exercise):
            made += 1
            if is_refused(exercise, mutant.answer):
                refused += 1
            else:
                listed += mutant.change in known.get(f"{catalogue}.{name}", {})
    yield Line("solutions altered mechanically", f"{made:,}")
    yield Line("altered solutions refused", percent(refused, made))
    yield Line("altered solutions accepted, and as good", percent(listed, made), "≤ 5 %", listed <= made / 20)
    slipped = made - refused - listed
    yield Line("altered solutions that slip through", str(slipped), "0", not slipped)


def planned_in(catalogues: list[str]) -> Iterator[Line]:
    n = recognised = 0
    for _, _, exercise in asked(catalogues):
        for mistake in exercise.mistakes:
            n += 1
            recognised += exercise.check(mistake.answer).message == mistake.message.strip()
    yield Line("mistakes in the catalogues, recognised as themselves", percent(recognised, n), "all", recognised == n)


def arbitrary_answers(nightly: bool) -> Iterator[Line]:
    """The tests say what they found in one line; a false pass, or anything raised, fails one of them."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider",
               "tests/faults/test_arbitrary_answers.py", *(["-m", "nightly"] if nightly else [])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    found = re.search(r"faults: (\d+) injected", done.stdout)
    n, whole = int(found[1]) if found else 0, done.returncode == 0
    yield Line("arbitrary answers", f"{n:,}", "≥ 10,000" if nightly else "≥ 200", n >= (10_000 if nightly else 200))
    yield Line("arbitrary answers: false passes, exceptions, too long or too late", "0" if whole else "some",
               "0", whole)


def asked(catalogues: list[str], code: bool = False) -> Iterator[tuple]:
    """(catalogue, name, exercise) of every exercise, or of those in code."""
    import importlib

    from course_utils.checker import CodeExercise, Exercise

    for catalogue in catalogues:
        for name, value in vars(importlib.import_module(f"course_utils.exercises.{catalogue}")).items():
            if isinstance(value, CodeExercise if code else Exercise):
                yield catalogue, name, value


def catalogue_names() -> list[str]:
    import pkgutil

    import course_utils.exercises

    return [module.name for module in pkgutil.iter_modules(course_utils.exercises.__path__)]


def page(lines: list[Line]) -> str:
    from benchmarks.__main__ import machine

    today = datetime.date.today().isoformat()
    return (f"# Feedback on answers that nobody planned, {today}\n\n{machine()}.\n\n"
            "Names are counted among the answers refused. What counts as held out is said in tests/wrong_answers, and "
            "what the newest round alone gave in its rounds.md.\n\n"
            "| what | figure | bar |\n| --- | ---: | --- |\n" + "\n".join(map(str, lines)) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lesson", metavar="CATALOGUE", help="only this one; nothing is stored")
    parser.add_argument("--arbitrary", action="store_true", help="run the arbitrary answers, too")
    parser.add_argument("--nightly", action="store_true", help="with --arbitrary: ten thousand of them")
    options = parser.parse_args()
    warnings.simplefilter("ignore")                     # answers warn as they like
    catalogues = [options.lesson] if options.lesson else catalogue_names()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):         # some answers save a file
        for part in (wrong_answers_of, right_answers_of, mutants_in, planned_in):
            for line in part(catalogues):
                print(line, flush=True)
                lines.append(line)
    if options.arbitrary:
        for line in arbitrary_answers(options.nightly):
            print(line, flush=True)
            lines.append(line)
    if not options.lesson:
        path = RESULTS / f"{datetime.date.today().isoformat()}-feedback.md"
        RESULTS.mkdir(exist_ok=True)
        path.write_text(page(lines), encoding="utf-8")
        print(f"Stored in {os.path.relpath(path)}.")


if __name__ == "__main__":
    main()
