"""The machine of studies, and each study that no lesson runs on its page: what it measures is what it expects."""

import importlib
import inspect
import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

from course_utils.plotting import describe, new_axes
from course_utils.study import KINDS, Finding, Study, drawer, study

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted(path.stem[3:] for path in (ROOT / "notebooks").glob("0[0-9]_*.ipynb"))
CATALOGUES = [name for name in LESSONS if (ROOT / "course_utils" / "studies" / f"{name}.py").exists()]
RUN, DRAWN = re.compile(r"\bstudies\.(\w+)\.run\("), re.compile(r"\bdrawer\((.*?)\)", re.S)


def make(low=3.0, high=5.0):
    @study(claim="A <b>bold</b> claim", kind="when", verdict="true when `x` holds", evidence="It was 3 to 5.",
           expected={"share (%)": (low, high)}, seconds=0.1)
    def share(n=4) -> Finding:
        """One line & another."""
        return Finding({"share (%)": n}, draw=lambda: describe(new_axes(), f"A line at {n}."))
    return share


def test_a_finding_shows_picture_and_numbers():
    plt.close("all")                            # those of tests before this one
    finding = make().run()
    page = finding._repr_html_()
    assert finding.outside == [] and "≠" not in page and "<td>4</td><td>3 to 5</td>" in page
    assert 'alt="A line at 4."' in page and repr(finding) == "A line at 4.\nshare (%): 4 (expected 3 to 5)"
    assert plt.get_fignums() == []              # or the notebook would show the picture twice


def test_a_number_outside_is_said_and_nothing_is_raised():
    finding = make(low=4.5).run()
    assert finding.outside == ["share (%)"]
    for text in (finding._repr_html_(), repr(finding)):
        assert "≠" in text and "Other versions of the libraries" in text
    assert Finding({"a": float("nan")}, expected={"a": (0, 1)}).outside == ["a"]


@pytest.mark.parametrize("value, text", [(98.6, "98.6"), (4, "4"), (1e-10, "1e-10"), (2.5e-20, "2.5e-20"), (0, "0"),
                                         (3400.0, "3,400"), (0.00012, "0.00012"), (100, "100"), (-0.5, "-0.5")])
def test_numbers_have_no_idle_zeros(value, text):
    assert repr(Finding({"a": value})) == f"a: {text}"


def test_other_settings_are_expected_nothing_of():
    finding = make().run(n=9)
    assert finding.outside == [] and "expected" not in finding._repr_html_() and finding.measured == {"share (%)": 9}


def test_a_study_measures_what_it_expects():
    @study(question="What?", expected={"a": (0, 1)})
    def other() -> Finding:
        return Finding({"b": 0.5})

    with pytest.raises(ValueError, match="measures \\['b'\\] and expects something of \\['a'\\]"):
        other.run()


@pytest.mark.parametrize("settings", [
    {}, {"claim": "x"}, {"claim": "x", "kind": "true", "verdict": "v"},
    {"claim": "x", "kind": "maybe", "verdict": "v", "evidence": "e"},
])
def test_a_claim_needs_its_verdict(settings):
    with pytest.raises(ValueError, match="test|needs"):
        study(**settings)


def test_the_drawer_is_closed_and_says_how_to_try_and_to_read():
    page = drawer(make())._repr_html_()
    assert page.startswith("<details><summary>“A &lt;b&gt;bold&lt;/b&gt; claim”</summary>") and " open" not in page
    for part in ("One line &amp; another.", "Verdict: true when <code>x</code> holds.", "studies.share.run()",
                 "studies.share.code()"):
        assert part in page
    assert "studies.share.run()" in repr(drawer(make()))


def test_the_code_of_a_study_can_be_read():
    code = str(make().code())
    assert code.startswith("def share(n=4)") and "@study" not in code and "<details" not in code


# ---- the studies of the lessons ----


def studies_of(name):
    module = importlib.import_module(f"course_utils.studies.{name}")
    return {key: value for key, value in vars(module).items() if isinstance(value, Study) and key[0] != "_"}


def code_of(name):
    (path,) = (ROOT / "notebooks").glob(f"[0-9][0-9]_{name}.ipynb")
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")


ALL = [pytest.param(name, one, id=f"{name}-{key}") for name in CATALOGUES for key, one in studies_of(name).items()]
IN_DRAWERS = [pytest.param(one, id=f"{name}-{key}") for name in CATALOGUES for key, one in studies_of(name).items()
              if key not in RUN.findall(code_of(name))]


@pytest.mark.parametrize("name", CATALOGUES)
def test_each_study_is_run_on_the_page_or_lies_in_the_drawer(name):
    code = code_of(name)
    lying = {word for words in DRAWN.findall(code) for word in re.findall(r"studies\.(\w+)", words)}
    run = set(RUN.findall(code))
    assert run | lying == set(studies_of(name))


@pytest.mark.parametrize("name, one", ALL)
def test_a_study_is_readable(name, one):
    assert one.how and one.kind in ("", *KINDS)
    assert all(low <= high for low, high in one.expected.values())
    assert all(parameter.default is not parameter.empty
               for parameter in inspect.signature(one._experiment).parameters.values()), "it runs as `run()`"


LONG = 6                                # seconds, as the study itself says


@pytest.mark.parametrize("one", [case for case in IN_DRAWERS if case.values[0].seconds < LONG])
def test_a_study_in_the_drawer_finds_what_it_expects(one):
    finds_what_it_expects(one)


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("one", [case for case in IN_DRAWERS if case.values[0].seconds >= LONG])
def test_a_long_study_in_the_drawer_finds_what_it_expects(one):
    finds_what_it_expects(one)


def finds_what_it_expects(one):
    finding = one.run()
    assert finding.outside == [], repr(finding)
    page = finding._repr_html_()
    assert "<img" not in page or 'alt=""' not in page and "without a description" not in page
