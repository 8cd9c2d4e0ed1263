"""A claim's experiment as a named study: what was asked, how it is tried, what has to come out, and what did.

A lesson shows a study's question, its picture and its verdict; the code is one call away: `studies.NAME.code()`. The
ranges that a study expects are held by the tests. In a learner's notebook nothing is raised where a number lies
outside: the table under the picture says so.

    @study(claim="Squared error would do as well", kind="when", verdict="true when …", evidence="At a rate of 30 …",
           expected={"log loss at its best rate (% right)": (98.0, 99.3)}, seconds=4)
    def squared_error(rates=(1, 3, 10, 30, 100), starts=20) -> Finding:
        '''Twenty starts, each loss at the best of five rates.'''
        ...
        return Finding({"log loss at its best rate (% right)": 98.6}, draw=lambda: plot_…(…))
"""

import contextlib
import html
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course_utils.checker import Note
from course_utils.display import figure_html
from course_utils.plotting import alt_text, figure_style, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = {                               # a verdict in one word, and how it is said
    "true": "true",
    "when": "true when …",              # it holds, under a condition that can be named
    "misleading": "misleading",         # part of it holds, and it leads to a wrong conclusion
    "false": "false",
    "not_found": "not found",           # an effect that others report, and this measurement did not show
}

Range = tuple[float, float]


@dataclass
class Finding:
    """What a study measured: numbers by name, the unit in the name; a picture; and `data`, whatever else it has.

    `draw` makes the figure when the finding is first shown and returns its Axes, any of them if there are several.
    `expected` is filled in by the study: where each number has to lie.
    """

    measured: Mapping[str, float]
    draw: "Callable[[], Axes] | None" = None
    data: Any = None
    expected: Mapping[str, Range] = field(default_factory=dict)
    _page: str = field(default="", repr=False)
    _words: str = field(default="", repr=False)
    _drawn: "Figure | None" = field(default=None, repr=False)

    @property
    def outside(self) -> list[str]:
        """The names of the numbers that lie outside of what is expected; nan lies outside."""
        return [name for name, (low, high) in self.expected.items()
                if not low <= self.measured.get(name, float("nan")) <= high]

    def figure(self) -> "Figure | None":
        """The picture, in the course's style; pyplot forgets it at once, and does not show it a second time."""
        if self.draw is None:
            return None
        from matplotlib import pyplot, rc_context

        with rc_context(figure_style()):
            figure = self.draw().get_figure(root=True)
        assert figure is not None, "a picture was drawn"
        pyplot.close(figure)
        return figure

    def _draw_once(self) -> "Figure | None":
        """The picture for `__repr__` and `_repr_html_`: a notebook asks for both, and whichever comes first draws."""
        if self._drawn is None and (figure := self.figure()) is not None:
            self._drawn, self._words = figure, alt_text(figure)
        return self._drawn

    def _repr_html_(self) -> str:
        if not self._page:
            figure = self._draw_once()
            self._page = (figure_html(figure) if figure is not None else "") + self._table()
            self._drawn = None                      # some megabytes
        return self._page

    def _table(self) -> str:
        if not self.measured:
            return ""
        head = "<th scope='col' style='text-align: left'>measured</th><th scope='col'>here</th>"
        head += "<th scope='col'>expected</th>" if self.expected else ""
        rows = "".join(
            f"<tr><th scope='row' style='text-align: left; font-weight: normal'>{html.escape(name)}</th>"
            f"<td>{_said(value)}</td>"
            + (f"<td>{'≠ ' if name in self.outside else ''}{_range(self.expected[name])}</td>" if self.expected else "")
            + "</tr>" for name, value in self.measured.items())
        remark = f"<p>{html.escape(self._remark())}</p>" if self.outside else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{remark}"

    def _remark(self) -> str:
        several = len(self.outside) > 1
        return (f"{'Numbers' if several else 'A number'} marked ≠ {'lie' if several else 'lies'} outside of what was "
                "measured when this lesson was written. Other versions of the libraries draw other random numbers: "
                "read the verdict with that in mind.")

    def __repr__(self) -> str:
        if not self._words:
            self._draw_once()
        lines = [self._words] if self._words else []
        for name, value in self.measured.items():
            due = f" (expected {_range(self.expected[name])})" if name in self.expected else ""
            lines.append(f"{name}: {'≠ ' if name in self.outside else ''}{_said(value)}{due}")
        return "\n".join(lines + ([self._remark()] if self.outside else []))


class Study:
    """One experiment of a lesson; see the module's docstring. `how` says in words how it is tried."""

    def __init__(self, experiment: Callable[..., Finding], *, claim: str, question: str, kind: str, verdict: str,
                 evidence: str, expected: Mapping[str, Range], seconds: float):
        self._experiment, self.name = experiment, getattr(experiment, "__name__", "study")
        self.how = inspect.getdoc(experiment) or ""
        self.claim, self.question, self.kind, self.verdict = claim, question, kind, verdict
        self.evidence, self.expected, self.seconds = evidence, dict(expected), seconds

    def run(self, **settings: Any) -> Finding:
        """Make the experiment. With other `settings` than its own nothing is expected of the numbers."""
        with _one_thread():
            finding = self._experiment(**settings)
        if not settings:
            if set(finding.measured) != set(self.expected):
                raise ValueError(f"{self.name} measures {sorted(finding.measured)} and expects something of "
                                 f"{sorted(self.expected)}; the two are the same in a study.")
            finding.expected = self.expected
        return finding

    def code(self) -> Note:
        """The experiment's own code, to read."""
        source = textwrap.dedent(inspect.getsource(self._experiment))
        return Note(f"```python\n{source[source.index('def '):].rstrip()}\n```")

    @property
    def call(self) -> str:
        """How a learner runs the study from a notebook."""
        return f"studies.{self.name}.run()"

    def __repr__(self) -> str:
        title = f"“{self.claim}”" if self.claim else self.question
        return (f"{title}\n{self.how}\n"
                f"Run it: {self.call} (some {self.seconds:.3g} s); read it: studies.{self.name}.code()")


def study(
    *, claim: str = "", question: str = "", kind: str = "", verdict: str = "", evidence: str = "",
    expected: Mapping[str, Range] | None = None, seconds: float = 1.0,
) -> Callable[[Callable[..., Finding]], Study]:
    """Decorator that makes a study of an experiment.

    claim     as people say it; with it go `kind`, a key of KINDS, `verdict` as the lesson says it, and `evidence`, a
              sentence or two with the numbers
    question  what a study asks that tests no claim
    expected  {name of a number: (low, high)}, which holds on other machines too
    seconds   what it takes on a quiet core, for the reader who waits

    Raises ValueError where there is neither a claim nor a question, or a claim lacks its verdict.
    """
    if not claim and not question:
        raise ValueError("A study tests a claim or settles a question: say which.")
    if claim and not (kind in KINDS and verdict and evidence):
        raise ValueError(f"The claim {claim!r} needs a verdict, its evidence, and a kind out of {', '.join(KINDS)}.")

    def make(experiment: Callable[..., Finding]) -> Study:
        return Study(experiment, claim=claim, question=question, kind=kind, verdict=verdict, evidence=evidence,
                     expected=expected or {}, seconds=seconds)
    return make


class Drawer:
    """Claims in a closed drawer: each opens to how it was tried, what came out, and the line that tries it here."""

    def __init__(self, *studies: Study):
        self.studies = studies

    def _repr_html_(self) -> str:
        return "".join(
            f"<details><summary>{html.escape(f'“{one.claim}”' if one.claim else one.question)}</summary>"
            f"<p>{_inline(one.how)}</p><p>{_inline(one.evidence)}"
            + (f" <strong>Verdict: {_inline(one.verdict)}.</strong>" if one.verdict else "")
            + f"</p><p>Try it: <code>{one.call}</code> (some {one.seconds:.3g} s). "
              f"Read it: <code>studies.{one.name}.code()</code></p></details>" for one in self.studies)

    def __repr__(self) -> str:
        return "\n\n".join(f"{one!r}\n{one.evidence}" + (f"\nVerdict: {one.verdict}." if one.verdict else "")
                           for one in self.studies)


def drawer(*studies: Study) -> Drawer:
    """The drawer at the end of a lesson's claims, to be shown: the last line of a cell."""
    return Drawer(*studies)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """A lesson's picture comes before its `setup()`: why one thread, and not many, is said there."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _said(value: float) -> str:
    """Four digits at most, and no zeros behind the point: 98.6, 0.00012, 3,400."""
    text = number(value, digits=4)
    digits, e, exponent = text.partition("e")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + e + exponent


def _range(bounds: Range) -> str:
    low, high = map(_said, bounds)
    return low if low == high else f"{low} to {high}"


def _inline(text: str) -> str:
    """Escaped text with `code` set as code, its paragraphs joined."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(" ".join(text.split()), quote=False))
