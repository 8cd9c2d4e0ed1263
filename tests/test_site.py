"""The pages' making: what of an executed lesson reaches a page, the glossary, the front page, the slides."""

import re

import pytest
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from test_notebooks import LESSONS, ROOT
from toy_site import TOY, toy

from course_utils import started
from course_utils.course import publish
from course_utils.site import SiteTrouble, addresses, carried, front, glossary, heading_level, write_slides
from course_utils.site.build import _prose
from course_utils.site.lesson import lesson_of
from course_utils.site.page import page
from course_utils.site.slides import ASSETS
from course_utils.site.typography import keep_with_formulas

PROSE = {path.stem: _prose(publish.read(path)) for path in LESSONS}


def paged(solved=False, explorers=lambda source: "", static=None):
    return page(toy(solved), TOY, {"00_start_here", TOY}, static, solved=solved, explorers=explorers)


def html_of(notebook):
    return "\n".join(output.get("data", {}).get("text/html", "") for cell in notebook.cells
                     if cell.cell_type == "code" for output in cell.outputs)


# ---- pages ----


def test_a_page_has_no_plumbing_no_widgets_and_no_box_of_an_open_exercise(tmp_path):
    made = paged(static=tmp_path)
    kinds = {kind for cell in made.cells if cell.cell_type == "code" for output in cell.outputs
             for kind in output.get("data", {})}
    assert kinds == {"text/html", "text/markdown"}
    text = str(made)
    assert not [word for word in ("import nothing", "Not yet", "64%", "No sliders", "missing()") if word in text]
    assert "Which is larger?" in text and "- **b** two" in text, "the question itself stays"


def test_figures_lie_in_files_once_and_keep_their_words(tmp_path):
    page_ = html_of(paged(static=tmp_path))
    files = set(re.findall(r'loading="lazy" src="\.\./_static/(figures/\w+\.png)"', page_))
    assert len(files) == 1 and (tmp_path / files.pop()).read_bytes().startswith(b"\x89PNG")
    assert "base64" not in page_ and 'alt="a rising line"' in page_ and 'alt="a dot in a valley"' in page_


def test_links_lead_to_pages_that_are_there_or_to_github(tmp_path):
    opening = paged(static=tmp_path).cells[0].source
    assert "](00_start_here.ipynb)" in opening
    assert f"]({addresses.repository()}/blob/main/notebooks/05_optimizers.ipynb)" in opening


def test_an_exercise_leads_to_its_answer_and_the_answer_is_there(tmp_path):
    assert f'href="../solved/{TOY}.html#answer-larger"' in html_of(paged(static=tmp_path))
    answered = paged(solved=True, static=tmp_path)
    assert any(cell.source == '<span id="answer-larger"></span>' for cell in answered.cells)
    assert answered.cells[0].source.startswith("# 1 · A toy, solved\n") and "Right." in str(answered)


def test_an_explorer_gives_way_to_one_that_lives_without_a_kernel(tmp_path):
    made = html_of(paged(static=tmp_path, explorers=lambda source: "<p>alive</p>" if "toy_explorer" in source else ""))
    assert "<p>alive</p>" in made and "a dot in a valley" not in made


def test_addresses_are_those_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"({addresses.on_binder('00_start_here')})" in readme
    assert f"({addresses.on_colab('00_start_here')})" in readme
    owner, name = addresses.repository().rsplit("/", 2)[1:]
    assert f"](https://{owner}.github.io/{name}/)" in readme, "where .github/workflows/site.yml publishes it"


# ---- front page ----


def test_the_front_page_has_the_question_and_the_picture_of_each_lesson(tmp_path, monkeypatch):
    monkeypatch.setattr(front, "DRAWN", tmp_path / "nowhere")
    shown = front.pictures({TOY: toy()}, tmp_path)
    assert shown == {TOY: (f"_static/pictures/{TOY}.png", "a rising line")}
    text = front.front_page([lesson_of(TOY, toy())], shown)
    assert "Does a toy lesson show what a lesson shows?" in text and "10 minutes" in text
    assert 'alt="a rising line"' in text


def test_pictures_made_for_the_readme_are_preferred(tmp_path, monkeypatch):
    (tmp_path / f"{TOY}.png").write_bytes(b"drawn")
    (tmp_path / "alt.json").write_text(f'{{"{TOY}": "in words"}}')
    monkeypatch.setattr(front, "DRAWN", tmp_path)
    assert front.pictures({TOY: toy()}, tmp_path / "static")[TOY][1] == "in words"
    assert (tmp_path / "static" / "pictures" / f"{TOY}.png").read_bytes() == b"drawn"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_lesson_says_its_title_question_and_minutes(path):
    assert all(lesson_of(path.stem, publish.read(path)))


# ---- glossary ----


def test_each_term_is_met_in_a_lesson_and_explained_once():
    known = glossary.terms()
    forms = [form.lower() for term in known for form in term.forms]
    assert len(forms) == len(set(forms)) and len(known) > 80
    numbers = {name[:2] for name in PROSE}
    for term in known:
        met = [name for name, text in PROSE.items() if glossary.pattern([term]).search(text) and name[:2] >= term.since]
        assert met, f"no lesson says {term.word}"
        assert term.since in numbers and met[0][:2] == max(term.since, met[0][:2])
        assert term.meaning.endswith((".", "?")) and term.word.split()[0].strip("`") == term.word.split()[0]


def test_the_words_of_contributing_are_in_the_glossary():
    words = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Words\n\n")[1].split(";")[0]
    not_terms = {"X", "y", "epochs", "train", "valid", "test"}      # names in code
    known = {form for term in glossary.terms() for form in term.forms}
    assert {"loss", "lr", "penalty"} <= set(re.findall(r"`(\w+)`", words)) - not_terms <= known


def test_longer_terms_win_and_parts_of_words_are_none():
    known = glossary.terms("loss; losses\n: Wrongness.\n\nlog loss\n: Another.\n\nfold (06)\n: A part.")
    assert glossary.pattern(known).findall("a log loss, Losses, glossary, loss-free, unfold") == ["log loss", "Losses"]
    assert [term.since for term in known] == ["06", "00", "00"]


def test_the_page_says_where_a_term_is_met_first():
    known = glossary.terms("fold (06)\n: A part.\n\nloss\n: Wrong.")
    lessons = [lesson_of(name, new_notebook(cells=[new_markdown_cell(f"# {name}")])) for name in ("05_a", "06_b")]
    text = glossary.glossary_page(known, {"05_a": "we fold", "06_b": "a fold and a loss"}, lessons)
    assert text.count("First in [06_b](lessons/06_b.ipynb).") == 2


# ---- slides ----


def test_slides_have_no_link_to_scripts_elsewhere_and_bring_what_they_need(tmp_path):
    [file] = write_slides({TOY: toy()}, tmp_path)
    page_ = file.read_text(encoding="utf-8")
    needed = re.findall(r'(?:src|href)="([^"#]+\.(?:js|css))"', page_)
    assert len(needed) == 5 and all((tmp_path / name).is_file() and name.startswith(ASSETS) for name in needed)
    assert '<html lang="en">' in page_ and f"<title>{TOY} slides</title>" in page_ and 'alt="a rising line"' in page_
    assert "Not yet" not in page_ and "import nothing" not in page_ and "<script>missing" not in page_
    assert f"{addresses.repository()}/blob/main/notebooks/00_start_here.ipynb" in page_


def test_slides_follow_the_texts_and_links_lead_to_slides(tmp_path):
    long = new_markdown_cell("## Part\n\n" + "word " * 80)
    deck = new_notebook(cells=[new_markdown_cell("# Title [on](02_b.ipynb)"), new_code_cell("1"), long,
                               new_code_cell("2"), new_markdown_cell("more"), new_markdown_cell("### Detail")])
    first, second = write_slides({"01_a": deck, "02_b": toy()}, tmp_path, ".solved.slides.html")
    body = first.read_text(encoding="utf-8").partition('<div class="slides">')[2]
    assert body.count("<section") == 2 + 5          # two columns; the code after the long text has its own slide
    assert f'href="{second.name}"' in body


def test_the_level_of_a_heading():
    levels = [heading_level(cell) for cell in (new_markdown_cell("## Part"), new_markdown_cell("#tag"),
                                               new_markdown_cell("text\n# no"), new_code_cell("# comment"))]
    assert levels == [2, 0, 0, 0]


def test_no_line_begins_with_the_full_stop_after_a_formula():
    text = nodes.paragraph("", "", nodes.Text("Of shape "), nodes.math("", "(m, K)"), nodes.Text("). They are "),
                           nodes.math("", "b"), nodes.Text(" here."), nodes.math("", "c"))
    keep_with_formulas(text)
    assert text.astext() == "Of shape (m, K)). They are b here.c"
    [together] = text.findall(nodes.inline)
    assert together["classes"] == ["together"] and [type(part) for part in together] == [nodes.math, nodes.Text]
    assert together.astext() == "(m, K))."


def test_what_is_not_installed_is_said_with_the_way_to_it(monkeypatch):
    monkeypatch.setattr(started, "start", lambda: started.Start("uv run course", "uv"))
    monkeypatch.setattr(carried.metadata, "requires", lambda name: ["torch>=2", 'sphinx>=9; extra == "site"'])
    with pytest.raises(SiteTrouble, match="not_there_at_all.*\n.*: uv pip install 'sphinx>=9'$"):
        carried.folder_of("not_there_at_all")
