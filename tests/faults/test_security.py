"""What SECURITY.md promises: no data runs as code, no text of a learner's acts, the server stays closed."""

import ast
import gzip
import html
import html.parser
import io
import json
import re
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from course_utils.checker import Choice, Mistake, Number, Order, Prediction, Right, Wrong, exercise
from course_utils.checker.base import Feedback
from course_utils.checker.escaping import as_markdown, as_plain, harmless, in_fence
from course_utils.course import cli, workbook
from course_utils.display import image_html
from course_utils.download.sources import File

ROOT = Path(__file__).resolve().parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
OURS = [*sorted((ROOT / "course_utils").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


# ---- no data runs as code -------------------------------------------------------------------------------------------

RUNS_DATA = {"pickle", "cPickle", "cloudpickle", "dill", "marshal", "shelve", "joblib", "code", "codeop", "runpy"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
ALLOWED = {                                 # each with its reason in SECURITY.md, which names the file
    "course_utils/distributed/parcel.py": {"pickle", "cloudpickle", "marshal"},
    "course_utils/distributed/unsendable.py": {"cloudpickle"},
    "course_utils/checker/mutants.py": {"exec", "compile"},
    "course_utils/distributed/agreement.py": {"all_gather_object"},
    "course_utils/studies/parameters_more.py": {"pickle", "torch.load"},
    "course_utils/exercises/parameters.py": {"torch.load"},
}


def dangers(tree):
    """What a file imports or calls that runs data or texts as code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from {alias.name.partition(".")[0] for alias in node.names} & RUNS_DATA
        elif isinstance(node, ast.ImportFrom):
            yield from {(node.module or "").partition(".")[0]} & RUNS_DATA
        elif isinstance(node, ast.Call):
            called, given = ast.unparse(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords}
            last = called.rpartition(".")[2]
            if called in RUNS_TEXT or called in ("os.system", "os.popen") or last in ("read_pickle", "mktemp"):
                yield called
            if last.endswith("_object") and called.startswith(("dist.", "torch.distributed.")):
                yield last
            if given.get("shell", "False") != "False" or given.get("allow_pickle", "False") != "False":
                yield called
            if called == "torch.load" and given.get("weights_only") != "True":
                yield called


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_ours_runs_what_it_reads(path):
    name = path.relative_to(ROOT).as_posix()
    assert set(dangers(ast.parse(path.read_text(encoding="utf-8")))) <= ALLOWED.get(name, set())


def test_neither_does_a_lesson():
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                source = re.sub(r"^\s*[%!].*$", "pass", "".join(cell["source"]), flags=re.M)
                assert not set(dangers(ast.parse(source))), path.name


def test_each_exception_is_needed_and_has_its_reason_in_the_text():
    for name, allowed in ALLOWED.items():
        assert set(dangers(ast.parse((ROOT / name).read_text(encoding="utf-8")))) == allowed, name
        assert name in SECURITY, f"say in SECURITY.md why {name} may do it"


@pytest.mark.parametrize("line", [
    "import pickle", "from cloudpickle import dumps", "eval(text)", "exec(code)", "os.system(x)", "torch.load(f)",
    "subprocess.run(x, shell=True)", "torch.load(f, weights_only=False)", "np.load(f, allow_pickle=True)",
    "dist.all_gather_object(a, b)", "pandas.read_pickle(f)",
    "tempfile.mktemp()", "torch.load(f, weights_only=flag)", "subprocess.run(x, shell=flag)",
])
def test_the_rule_sees_what_it_forbids(line):
    assert set(dangers(ast.parse(line)))
    assert not set(dangers(ast.parse("model.eval(); re.compile(p); torch.load(f, weights_only=True)")))


# ---- archives -------------------------------------------------------------------------------------------------------

def zipped(**members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return body.getvalue()


WANTED = File("folder/data.csv", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
BOMB = b"\0" * 50_000_000


@pytest.mark.parametrize(("body", "comes"), [
    (b"abc", b"abc"), (gzip.compress(b"abc"), b"abc"), (zipped(**{"x/data.csv": b"abc", "evil.py": b"x"}), b"abc"),
    (zipped(**{"../../data.csv": b"abc"}), b"abc"), (zipped(**{"evil.py": b"abc"}), None), (gzip.compress(BOMB), None),
    (zipped(**{"data.csv": BOMB}), None), (gzip.compress(b"abc")[:-6], None), (b"PK\3\4nonsense", None),
    (zipped(**{"data.csv": b"abd"}), None), (gzip.compress(gzip.compress(b"abc")), None),
], ids=["plain", "gzip", "zip", "zip with a path", "zip of something else", "gzip bomb", "zip bomb", "gzip cut",
        "no zip", "another byte", "gzip in gzip"])      # gzip writes the time into its bytes: no names for tests
def test_only_the_named_file_comes_out_of_an_archive_and_only_so_much(body, comes, tmp_path, monkeypatch, ended):
    """In memory: nothing is written, so a name such as `../../data.csv` leads nowhere."""
    import tracemalloc

    monkeypatch.chdir(tmp_path)
    tracemalloc.start()
    assert WANTED.unpack(body) == comes
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000 and not list(tmp_path.iterdir())
    ended("recovered" if comes else "explained")


# ---- a learner's texts ----------------------------------------------------------------------------------------------

ACTS = ["\\`", "`", "``", "```\n<b>x</b>\n```", "<script>alert(1)</script>", "<img src=x onerror=a()>", "</div><b>",
        "[a](javascript:alert(1))", "![a](http://b)", "[a][b]", "http://b www.b.com b@b.com", "\n\n# T", "\n\n<b>\n\n",
        "$x$", "$$\\href{javascript:alert(1)}{x}$$", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u202egnp.exe",
        "\u2066\u200b", "\0", "\r", "\u2028", "\ud800", "&lt;b&gt;", "&#60;b>", "<!--", "<a\nhref=x>", "{x}", "%s", "|",
        "---", "> q", "a" * 5_000]
texts = st.lists(st.sampled_from(ACTS) | st.text(max_size=20), min_size=1, max_size=4).map("".join)
TAGS = {"div", "details", "summary", "p", "strong", "code", "pre", "span"}          # the box, our words, code
MORE = {"h1", "h2", "hr", "ul", "li", "ol", "em", "blockquote", "br", "del", "table", "thead", "tr", "th"}      # idle


class Page(html.parser.HTMLParser):
    """The tags and the attributes of a page, and the text that is neither code nor a formula's."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self.code, self.highlighted = [], {}, "", 0, 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if ("class", "anchor-link") in attributes or tag in ("h1", "h2"):       # the converter's own, to headings
            return
        self.tags.append(tag)
        self.attributes |= attributes
        self.code += tag in ("code", "pre")
        self.highlighted += ("class", "highlight") in attributes

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre")

    def handle_comment(self, text):
        self.tags.append("a comment")

    def handle_data(self, text):
        self.text += "" if self.code else text


def acts(markdown, idle=frozenset()):
    """What acts on the page that Jupyter's own converter makes of it; formulas are looked for in text by the page."""
    page = Page(markdown2html_mistune(markdown))
    odd = [tag for tag in page.tags if tag not in TAGS | idle]
    odd += [name for name in page.attributes if name not in ("style", "class")]
    boxes = page.tags.count("div") - page.highlighted
    return odd + re.findall(r"\$.*\$", page.text, re.S) + ["another box"] * (boxes - 1)


def odd_characters(text):
    return {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n", "\t"}


def is_harmless(feedback):
    """Nothing of it acts: neither on a page, nor in a terminal, nor in the box around it."""
    explained = feedback.explain()
    assert acts(feedback._repr_markdown_()) == [], feedback._repr_markdown_()
    for form in (feedback.text, feedback._repr_markdown_(), repr(explained), explained._repr_markdown_()):
        assert not odd_characters(form)
    assert explained._repr_markdown_().count("```") in (0, 2)
    assert len(feedback.text.encode()) <= 2_000


def many(number):
    return settings(max_examples=number, derandomize=True, deadline=None, database=None)


@exercise(probes=[(torch.tensor([1.0, 2.0]),)], mistakes=[Mistake(lambda x: x * 7, "Seven.", "M01")], hints=["Look."])
def toy(x):
    return x + 1


def odd_name(text):
    """A class of that name: Python takes any text without a null, and no half of a character."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode() or "x"


def a_class(text, base=object):
    return type(odd_name(text), (base,), {"__repr__": lambda self: text, "__doc__": odd_name(text)})


def raises(kind, *args):
    def answer(x):
        raise kind(*args)
    return answer


def warns_and_prints(text):
    def answer(x):
        import warnings

        print(text)
        warnings.warn(text, stacklevel=1)
        return x + 2
    return answer


def with_default(text):
    class Default:
        def __repr__(self):
            return text

    def answer(x, y, z=Default()):                  # noqa: B008
        return x
    return answer


SAYS = {
    "an object of a class": lambda text: lambda x: a_class(text)(),
    "a model of a class": lambda text: lambda x: a_class(text, torch.nn.Module)(),
    "a tensor of a class": lambda text: lambda x: x.as_subclass(a_class(text, torch.Tensor)),
    "a text": lambda text: lambda x: text,
    "texts": lambda text: lambda x: [text, text],
    "keys": lambda text: lambda x: {text: 1.0, (text,): 2},
    "fields": lambda text: lambda x: __import__("numpy").zeros(2, dtype=[(odd_name(text)[:50], int)]),
    "an exception of a class": lambda text: raises(a_class(text, Exception), text),
    "an exception's text": lambda text: raises(ValueError, text),
    "an unknown name": lambda text: raises(NameError, f"name '{text}' is not defined"),
    "a missing key": lambda text: raises(KeyError, text),
    "a missing attribute": lambda text: raises(AttributeError, f"'{text}' object has no attribute '{text}'"),
    "a missing module": lambda text: raises(ModuleNotFoundError, f"No module named '{text}'"),
    "what an optimizer got": lambda text: raises(TypeError, f"optimizer can only optimize Tensors, but one of the "
                                                            f"params is {text}"),
    "a warning and a print": warns_and_prints,
    "a default value": with_default,
    "no function at all": lambda text: a_class(text)(),
    "a class as the answer": lambda text: a_class(text),
}


@pytest.mark.parametrize("where", SAYS)
def test_what_a_learner_says_does_not_act(where, ended):
    @many(20)
    @given(texts)
    def holds(text):
        is_harmless(toy.check(SAYS[where](text)))
        ended("explained")

    holds()


OTHERS = [Choice("Which?", {"a": Wrong("1", "No."), "b": Right("2")}), Number("How many?", 3, hints=["Count."]),
          Order(steps={"a": "loss", "b": "step", "c": "zero"}, answer="cab"), Prediction("How long?", 0, 9, 4)]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: type(other).__name__)
def test_nor_where_letters_or_numbers_are_asked_for(other, ended):
    @many(20)
    @given(texts)
    def holds(text):
        for answer in (text, [text], {text: text}, a_class(text)(), a_class(text)):
            is_harmless(other.check(answer))
        ended("explained")

    other.asks_itself = False                       # the question above it is ours
    holds()


@many(300)
@given(texts, texts)
def test_a_message_is_escaped_whoever_puts_it_together(first, second):
    """Even one that forgets `harmless`, with the text in the middle of a sentence, in code, or below it."""
    feedback = Feedback("wrong", f"Yours is {first}; `{second}` is needed."[:900], f"{second[:900]}", trace=first)
    assert acts(feedback._repr_markdown_(), MORE) == []
    assert feedback.explain()._repr_markdown_().count("```") == (2 if first else 0)
    assert not odd_characters(feedback.text + feedback._repr_markdown_())


@many(300)
@given(texts)
def test_one_line_stays_one_line(text):
    line = harmless(text, most=60)
    assert len(line) <= 60 and "\n" not in line and "`" not in line and line.isprintable()
    assert as_plain(as_plain(text)) == as_plain(text) and in_fence(text).count("```") == 2


def test_what_we_write_ourselves_stays_as_it_is():
    ours = "**Right.** Take `x < 3` and `[a](b)`, for p > 0.5 it is `a`\nand 3 · x."
    assert html.unescape(as_markdown(ours)) == ours and "`x < 3`" in as_markdown(ours)
    assert harmless("a  `b`\n c") == "a 'b' c" and harmless("x" * 300) == "x" * 199 + "…"
    assert as_plain("é → ∑ 漢字 −1\n\t2") == "é → ∑ 漢字 −1\n\t2"


@many(50)
@given(texts)
def test_an_alternative_text_stays_inside_its_quotes(text):
    shown = image_html(b"", text, (1, 1))
    assert shown.count("<") == 1 and html.unescape(re.search('alt="(.*?)"', shown, re.S)[1]) == text


# ---- the server, the network, what is stored ------------------------------------------------------------------------

def test_the_lab_stays_on_this_machine_and_behind_its_token(tmp_path, monkeypatch):
    """What `course lab` starts is handed to Jupyter's own configuration, whose defaults must come out unchanged."""
    from jupyter_server.serverapp import ServerApp

    class Started(Exception):
        pass

    def started(command, **_):
        raise Started(command)

    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr(workbook, "lessons_folder", lambda: tmp_path / "notebooks")
    for name in ("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE", "JUPYTER_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for user in (0, 1000):
        monkeypatch.setattr("os.geteuid", lambda user=user: user, raising=False)
        with pytest.raises(Started) as start:
            cli.main(["lab", "--dir", str(tmp_path / "mine"), *(["--", "--allow-root"] if user == 0 else [])])
        command = start.value.args[0]
        assert command[1:3] == ["-m", "jupyterlab"] and not re.search(r"token|password|\bip=|origin|xsrf", str(command))
        told, usual = ServerApp(), ServerApp()
        told.parse_command_line([word for word in command[3:] if word.startswith("--ServerApp.")])
        for name in ("ip", "allow_origin", "allow_origin_pat", "allow_remote_access", "disable_check_xsrf",
                     "allow_credentials", "certfile"):
            assert getattr(told, name) == getattr(usual, name)
        told.init_configurables()
        assert told.ip == "localhost" and len(told.identity_provider.token) >= 32


TALKS = {"urllib", "http", "socket", "ssl", "requests", "pooch", "ftplib", "smtplib", "webbrowser", "aiohttp", "httpx"}
MAY_TALK = {"course_utils/download/places.py", "course_utils/download/transfer.py",
            "course_utils/distributed/group.py", "course_utils/course/wheelhouse.py"}
PARTS_OF_ADDRESSES = {"urllib.parse"}               # takes an address apart, and opens none


def test_nobody_is_told_anything():
    """No file opens a connection but the downloads, of data and for a classroom, and lesson 10's own workers."""
    talking = set()
    for path in OURS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if {name.partition(".")[0] for name in names - PARTS_OF_ADDRESSES} & TALKS:
            talking.add(path.relative_to(ROOT).as_posix())
    assert talking == MAY_TALK
    assert not re.search(r"telemetry|analytics|sentry_sdk|mixpanel", "".join(path.read_text("utf-8") for path in OURS))


PRIVATE = re.compile(r"(?<![\w.])/(?:home|Users|root|tmp|mnt|work|private|var)/\w|[A-Za-z]:\\\\?Users|"
                     r"gh[pousr]_\w{20}|hf_\w{20}|AKIA\w{12}|-----BEGIN|[?&]token=|xox[abp]-|\bsk-\w{20}")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_stored_lesson_holds_no_secret_and_no_place_of_its_author(path):
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert not PRIVATE.search(text) and set(notebook["metadata"]) == {"kernelspec", "language_info"}
    kinds = {kind for cell in notebook["cells"] for kind in cell["metadata"]}
    assert kinds <= {"tags", "jupyter", "slideshow"}, "times, names or widgets of whoever saved it"


@pytest.mark.parametrize("text", ["/home/ann/x", "C:\\\\Users\\\\ann", "?token=ab", "gh" + "p_" + "a" * 30])
def test_the_look_for_private_things_finds_them(text):
    assert PRIVATE.search(text) and not PRIVATE.search("see docs/home and 3/4")
