"""The pictures of README.md and of the front page are what the lessons show today, small, and told in words."""

import html
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils.course import cli, pictures
from course_utils.studies import bicycles, start_here

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".github" / "lessons"
LESSONS = [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))]
ALTS = json.loads((KEPT / pictures.ALTS).read_text(encoding="utf-8"))
REBUILD = "Stale: course build --pictures .github/lessons, and its text alternative into README.md."


def kept(lesson: str) -> Image.Image:
    return Image.open(io.BytesIO((KEPT / f"{lesson}.png").read_bytes()))


def different(one: Image.Image, other: Image.Image) -> float:
    """The share of 4 by 4 blocks of pixels that differ by more than a quarter of the way from black to white."""
    small = [np.asarray(image.convert("RGB").reduce(4), float) for image in (one, other)]
    return float((np.abs(small[0] - small[1]).max(axis=2) > 64).mean())


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_picture_is_what_the_lesson_shows_today(lesson):
    if lesson.startswith("07") and bicycles.is_simulated():
        pytest.skip("the city's records are not here")
    png, alt = pictures.picture(lesson)
    assert ALTS[lesson] == alt, REBUILD
    # Other versions of the libraries place letters a little elsewhere; a dot that lies elsewhere is more than that.
    assert different(Image.open(io.BytesIO(png)), kept(lesson)) < 0.001, REBUILD


def test_a_stale_picture_would_be_seen():
    """The check above is able to fail: the same line, a little steeper."""
    axes = start_here.opening.run(slope=0.6).figure()
    axes.set_size_inches(pictures.INCHES)
    drawn = io.BytesIO()
    axes.savefig(drawn, format="png", dpi=pictures.DPI)
    assert different(Image.open(drawn), kept("00_start_here")) > 0.001


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_picture_is_small_and_readme_shows_it_with_its_words(lesson):
    assert kept(lesson).size == (640, 400) and (KEPT / f"{lesson}.png").stat().st_size <= 40_000
    assert 60 < len(ALTS[lesson]) < 400
    row = next(line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
               if line.startswith(f"| [{lesson}]"))
    shown = re.search(rf'<img src="\.github/lessons/{lesson}\.png" width="\d+" alt="([^"]+)">', row)
    assert shown is not None and html.unescape(shown[1]) == ALTS[lesson], REBUILD


def test_a_simulated_city_is_called_one(monkeypatch):
    """Whoever makes the pictures without the city's records publishes no picture of a city that there is not."""
    bicycles.raw_hours.cache_clear()
    monkeypatch.setattr(bicycles, "the_city", lambda: bicycles.simulate_bike_demand)
    assert pictures.picture("07_layers_and_activations")[1].startswith("A simulated city. Mean rentals by hour")
    bicycles.raw_hours.cache_clear()
    assert "simulated" not in ALTS["07_layers_and_activations"]


def test_there_is_a_picture_for_each_lesson_and_no_other():
    assert sorted(ALTS) == LESSONS == sorted(path.stem for path in KEPT.glob("*.png"))


def test_the_command_writes_one_lesson_and_keeps_the_words_of_others(tmp_path, capsys):
    (tmp_path / pictures.ALTS).write_text('{"99_other": "as it was"}', encoding="utf-8")
    assert cli.main(["build", "--pictures", "--lesson", "00", str(tmp_path)]) == 0
    assert (tmp_path / "00_start_here.png").read_bytes()[:4] == b"\x89PNG"
    assert json.loads((tmp_path / pictures.ALTS).read_text(encoding="utf-8")) == {
        "00_start_here": ALTS["00_start_here"], "99_other": "as it was"}
    assert "00_start_here.png" in capsys.readouterr().out
