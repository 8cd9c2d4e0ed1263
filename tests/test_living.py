"""Living explorers: what is on their grids, what they weigh, and that the layers make the notebook's picture."""

import functools
import io
import json
import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image
from test_explorers import entry, make
from toy_explorer import toy

from benchmarks.living import TABLE, grids, stored
from course_utils.site import explorer_names, explorers_in, living, write
from course_utils.site.living_choices import CHOICES, Choice
from course_utils.site.living_grid import count, every_position, fingerprint, make_grid
from course_utils.site.living_html import readout
from course_utils.site.living_page import _NUMBER
from course_utils.site.living_palette import COMMONEST, Palette
from course_utils.site.living_pictures import _usual

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
every_grid = pytest.mark.parametrize("name", sorted(set(explorer_names()) - {"claims_board"}))
TOY = Choice(only={"waves": (1, 2), "speed": (0.1,), "height": (0.0, 1.0, 1.5)}, presses=(("wait", "push"),), most=60)


@cache
def grid_of(name):
    choice = CHOICES.get(name, Choice())
    return make_grid(make(name), choice, choice.most)


# ---- which explorers a cell shows ----


@pytest.mark.parametrize("source, expected", [
    ("demand_lab().show()", ["demand_lab"]),
    ("calculator.speed_up().show()", ["speed_up"]),
    ("bench = boundary_bench()\nbench.set(boundary=60.0)\nbench.show()", ["boundary_bench"]),
    ("simplex().show()\nstep_machine().show()", ["simplex", "step_machine"]),
    ("simplex().fixed(three=1.0)", []),
    ("plt.show()", []),
    ("from course_utils.explorers.simplex import simplex", []),
    ("%matplotlib inline\nsimplex().show()", []),
])
def test_explorers_in_a_cell(source, expected):
    assert explorers_in(source) == expected


def test_every_lesson_shows_one_explorer():
    shown = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        found = [name for cell in cells if cell.cell_type == "code" for name in explorers_in(cell.source)]
        assert len(found) == 1, path.name
        shown += found
    assert sorted(shown) == explorer_names()


# ---- the grids ----

@pytest.mark.filterwarnings("error")
def test_numbers_that_ran_away_have_a_fingerprint_and_cause_no_warning():
    assert fingerprint((1e305, -1e305)) == fingerprint((2e305, -2e305)) != fingerprint((1.0, -1.0))



@every_grid
def test_a_grid_has_the_start_all_names_and_the_target(name):
    explorer, grid = make(name), grid_of(name)
    for control, values in grid.positions.items():
        asked = explorer.controls[control]
        assert any(fingerprint(asked.start) == fingerprint(value) for value in values), control
        if hasattr(asked, "options") and control not in CHOICES.get(name, Choice()).only:
            assert values == list(asked.options)
        for value in values:
            assert asked.checked(control, value) == value
    reached = [place for place in grid.places() if explorer.goal(explorer.compute(**grid.settings(place)))]
    assert reached, "the target cannot be reached on the site"
    assert len(reached) < 0.2 * len(list(grid.places())), "nothing is left to look for"


@every_grid
def test_a_grid_has_no_more_settings_than_it_may(name):
    grid, choice = grid_of(name), CHOICES.get(name, Choice())
    assert count(make(name), grid.positions) * len(grid.presses) <= choice.most


@every_grid
def test_presses_lead_where_the_explorer_goes(name):
    explorer, grid = make(name), grid_of(name)
    if not grid.leads:
        return
    for _ in range(3):
        draw = np.random.default_rng(_)
        settings = {control: values[draw.integers(len(values))] for control, values in grid.positions.items()}
        state, pressed = 0, ()
        for _ in range(30):
            button = draw.choice(list(grid.leads))
            if grid.leads[button][state] == -1:
                continue
            state, pressed = grid.leads[button][state], explorer.pressed(pressed, [button])
            there, here = (explorer.compute(**settings, presses=way) for way in (pressed, grid.presses[state]))
            assert fingerprint(there) == fingerprint(here), (pressed, grid.presses[state])


def test_the_presses_of_the_target_are_there():
    for name in ("mask_viewer", "step_machine"):
        grid, state = grid_of(name), 0
        for press in entry(name).REACHES["presses"]:
            state = grid.leads[press][state]
            assert state != -1


def test_positions_are_those_of_the_notebook():
    explorer = make("noise_bench")
    assert every_position(explorer.controls["lr"]) == pytest.approx(np.logspace(-2, 1, 13))
    assert len(every_position(make("first_slider").controls["slope"])) == 101
    with pytest.raises(ValueError, match="no position at"):
        make_grid(make("first_slider"), Choice(also={"slope": (0.123,)}), 10)
    with pytest.raises(ValueError, match="at least 3 settings"):
        make_grid(make("first_slider"), Choice(), 2)


def test_a_control_that_does_nothing_does_not_multiply_the_grid():
    explorer = make("demand_lab")
    assert count(explorer, grid_of("demand_lab").positions) == (5 * 3 + 1) * 2 * 3


def test_halving_puts_the_next_position_in_the_widest_gap():
    explorer = make("first_slider")
    grids_ = [make_grid(explorer, Choice(), most).positions["slope"] for most in (3, 4, 5)]
    assert grids_ == [[-1.0, 0.0, 4.0], [-1.0, 0.0, 2.0, 4.0], [-1.0, 0.0, 1.0, 2.0, 4.0]]


def test_readouts_are_those_of_the_notebook():
    controls = toy().controls
    assert [readout(controls["speed"], value) for value in (0.01, 0.0316, 1.0)] == ["0.0100", "0.0316", "1.00"]
    assert readout(make("speed_up").controls["rows"], 1e7) == "1.00e+7"
    assert readout(make("speed_up").controls["rows"], 100.0) == "100"
    assert readout(make("simplex").controls["three"], -1.0) == "−1.0"
    assert readout(controls["waves"], 3) == "3"


# ---- what is written ----


@pytest.fixture(scope="module", params=[TOY, TOY._replace(shared=lambda wave: wave.height)], ids=["two", "three"])
def drawn(request, tmp_path_factory):
    """The folder of the pictures, their page, and how they were chosen: with a layer for each height, and without."""
    place = tmp_path_factory.mktemp("toy")
    return place, living.draw("toy", toy(), request.param, place, "../_static/living", TOY.most), request.param


def table_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*)</script>', html).group(1))


def test_the_layers_make_the_notebook_s_picture(drawn):
    place, html, choice = drawn
    table, grid, explorer = table_of(html), make_grid(toy(), TOY, TOY.most), toy()
    assert len(table["rows"]) > 20
    for number, at in list(enumerate(grid.places()))[::7]:
        row = table["rows"][table["places"][number]]
        explorer.set(**living.settled(explorer, grid.settings(at)))
        expected = np.asarray(Image.open(io.BytesIO(explorer.render())).convert("RGB"), dtype=int)
        layers = [Image.open(place / f"{table['files'][one]}.webp").convert("RGBA") for one in row[0]]
        assert len(layers) == (3 if choice.shared else 2)
        picture = np.asarray(functools.reduce(Image.alpha_composite, layers).convert("RGB"), dtype=int)
        assert np.abs(picture - expected).max() <= 48 and np.abs(picture - expected).mean() < 0.5
        words = iter(row[2].split())
        assert re.sub("#", lambda _, words=words: next(words), table["alts"][row[1]]) == explorer.alt
        words = iter(row[4].split())
        assert re.sub("#", lambda _, words=words: next(words), table["statuses"][row[3]]) == explorer.status
        assert row[5] == bool(explorer.reached)
        assert {table["names"][one] for one in row[6]} == explorer.idle


def test_common_colours_are_kept_and_others_become_their_nearest():
    pixels = np.zeros((40, 40, 3), dtype=np.uint8)
    pixels[:] = 255, 255, 255
    pixels[:8], pixels[8:14], pixels[14:18] = (249, 249, 249), (242, 242, 242), (0, 114, 178)   # alike in six bits
    pixels[-1] = np.linspace((10, 20, 30), (200, 150, 90), 40).astype(np.uint8)
    palette = Palette([Image.fromarray(pixels)], 24)
    numbers = palette.numbers(Image.fromarray(pixels))
    assert (palette.colours[numbers][:-1] == pixels[:-1]).all() and (palette.colours[COMMONEST] == 255).all()
    away = ((palette.colours[None].astype(int) - pixels[-1][:, None])**2).sum(2)
    assert (away[np.arange(40), numbers[-1]] == away.min(axis=1)).all()


def test_what_most_pictures_have_is_below_and_no_mixture():
    pictures = [np.array([[1, 2, number]], dtype=np.uint8) for number in (3, 4, 5)]
    pictures[0][0, 1] = 9
    assert _usual(pictures, 0).tolist() == [[1, 2, 0]]
    assert _usual(pictures, np.array([[7, 7, 7]])).tolist() == [[1, 2, 7]]


def test_the_html_names_only_files_below_its_root(drawn):
    place, html, _ = drawn
    assert set(re.findall(r'(?:src|href)="([^"]*)"', html)) == {
        f"../_static/living/toy/{name}" for name in re.findall(r"\w+\.webp", html)}
    assert all((place / f"{name}.webp").exists() for name in table_of(html)["files"])
    assert not re.search(r"\son\w+=|https?:", html), "an inline handler, or an address outside"


def test_drawing_twice_gives_the_same_bytes(drawn, tmp_path):
    place, html, choice = drawn
    assert living.draw("toy", toy(), choice, tmp_path, "../_static/living", TOY.most) == html
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in place.iterdir()}


def test_what_was_drawn_is_kept_until_a_source_changes(tmp_path, monkeypatch):
    times = []
    monkeypatch.setattr(living, "draw", lambda *given: times.append(given) or "<section></section>")
    for _ in range(2):
        assert write("simplex", tmp_path) == "<section></section>"
    assert len(times) == 1
    monkeypatch.setattr(living, "_sources_of", lambda name: "others")
    write("simplex", tmp_path)
    assert len(times) == 2
    (tmp_path / "simplex" / "drawn_by").unlink()                # stopped half way
    write("simplex", tmp_path)
    assert len(times) == 3


def test_sources_are_what_an_explorer_imports_however_far_away():
    files = living._imported_by(living.PACKAGE / "explorers" / "simplex.py")
    names = {path.relative_to(living.PACKAGE).as_posix() for path in files}
    assert {"explorers/simplex.py", "explorer/screen.py", "plotting/style.py"} <= names
    assert "explorers/noise_bench.py" not in names and "optimum/newton.py" not in names


def test_too_many_bytes_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(living, "draw", lambda *given: "x" * 3_000_001)
    with pytest.raises(ValueError, match="3,000,000 are allowed"):
        write("simplex", tmp_path)
    with pytest.raises(ValueError, match="no explorer named"):
        write("simple", tmp_path)


def test_numbers_of_every_shape_are_put_back():
    said = "Loss 0.442 after 1,024 steps, 3e-05 and −2; 5 %."
    assert _NUMBER.sub("#", said) == "Loss # after # steps, #e-# and −#; # %."


# ---- what was measured ----


def test_the_stored_table_is_that_of_the_present_grids_and_every_explorer_is_below_the_bar():
    rows = stored(TABLE.read_text("utf-8"))
    assert sorted(rows) == explorer_names()
    assert {name: row["settings"] for name, row in rows.items()} == grids(), "out of date: python -m benchmarks.living"
    assert all(0 < row["bytes"] <= living.MOST_BYTES for row in rows.values())
    assert all(row["CPU seconds"] <= 60 for row in rows.values())
    assert sum(row["CPU seconds"] for row in rows.values()) <= 300      # of the ten minutes that a site may take on two
