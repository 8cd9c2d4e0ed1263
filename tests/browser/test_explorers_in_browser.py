"""Each explorer on a real page: mouse, keyboard, words that follow the picture, and a saved copy without a kernel."""

import importlib
import importlib.util
import json
from pathlib import Path

import pytest
from lab import ROOT, SCREENSHOTS
from pages import OnPage, violations

from course_utils.explorer import Slider

NAMES = sorted(path.stem for path in (ROOT / "course_utils" / "explorers").glob("*.py") if path.stem[0] != "_")
TOY_REACHES = {"height": 1.5, "shape": "square", "flipped": True, "presses": ("push", "wait")}


def load(name: str):
    """The explorer `name`, settings that reach its target, and the line that imports it."""
    if name == "toy":
        spec = importlib.util.spec_from_file_location("toy_explorer", ROOT / "tests" / "toy_explorer.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.toy(), TOY_REACHES, "from toy_explorer import toy"
    line = f"from course_utils.explorers.{name} import {name}"
    explorer = getattr(importlib.import_module(f"course_utils.explorers.{name}"), name)()
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "explorers" / f"{name}.py")
    entry = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(entry)
    return explorer, entry.REACHES, line


@pytest.fixture(scope="module", params=["toy", *NAMES])
def shown(lab, request):
    """An explorer on a page of its own."""
    name = request.param
    explorer, reaches, line = load(name)
    cells = ["from course_utils.display import setup\nsetup()", f"{line}\nshown = {name}()\nshown.show()"]
    lab.write(f"{name}.ipynb", cells)
    page = lab.open(f"{name}.ipynb", dark=name == "toy")
    lab.run_all(page)
    page.wait_for_selector(".jp-OutputArea-output img")
    on_page = OnPage(page, explorer)
    on_page.control(next(iter(explorer.controls))).wait_for()
    on_page.name, on_page.reaches, on_page.lab = name, reaches, lab
    yield on_page
    lab.close(page)


def test_opens_with_question_picture_and_words(shown):
    assert shown.explorer.question in shown.cell.inner_text()
    shown.explorer.set()
    assert shown.picture()[1] == shown.explorer.alt
    shown.page.screenshot(path=SCREENSHOTS / f"{shown.name}.png")


def test_mouse_moves_every_control(shown):
    waiting = list(shown.explorer.controls)
    for _ in range(2 * len(waiting)):               # one that is greyed out waits until another has been moved
        name = waiting.pop(0)
        shown.page.wait_for_timeout(100)
        if not shown.takes_keys(shown.control(name)):
            waiting.append(name)
            continue
        before = shown.picture()
        shown.mouse(name)
        if not getattr(shown.explorer.controls[name], "resets", False):
            shown.wait_changed(before)
        if not waiting:
            break
    assert not waiting, "greyed out, and no other control changes that"
    # A slider takes the focus even then, so a screen reader has to be told why its keys do nothing.
    for name in (name for name, control in shown.explorer.controls.items() if isinstance(control, Slider)):
        told, grey = shown.control(name).evaluate(
            "handle => [handle.ariaDisabled === 'true', handle.closest('[disabled]') !== null]")
        assert told == grey, name


def idle_at_times(explorer) -> set[str]:
    """The controls that another one greys out."""
    if explorer._idle is None:
        return set()
    tried = [{**explorer.settings, name: value} for name, control in explorer.controls.items()
             if hasattr(control, "samples") for value in control.samples()]
    return {name for settings in tried for name in explorer._idle(settings)}


def test_keyboard_alone_reaches_the_target(shown):
    spoken = shown.cell.get_by_role("status").element_handle()
    for name, control in shown.explorer.controls.items():
        if getattr(control, "resets", False):
            shown.keyboard(name)
    moved = {**{name: value for name, value in shown.explorer.settings.items() if name != "presses"}, **shown.reaches}
    last = idle_at_times(shown.explorer)            # they are open once the others are where they shall be
    for name, value in sorted(moved.items(), key=lambda item: item[0] in last):
        for key, target in [(press, None) for press in value] if name == "presses" else [(name, value)]:
            shown.keyboard(key, target)
        # Time to catch up: a control that is greyed out only on the way there would take a part of its keys.
        shown.page.wait_for_timeout(500)
        shown.lab.wait_idle(shown.page)
    shown.explorer.set(**moved)
    shown.wait_alt(shown.explorer.alt)
    assert shown.explorer.reached
    # The keys may pass the target, leave it and come back, so it is waited for, in the element that stood there before:
    # screen readers speak of changes inside an element, not of new ones.
    shown.page.wait_for_function("""([node, text]) => node.isConnected && node.innerText.includes(text)
        && node.getAttribute('aria-live') === 'polite'""", arg=[spoken, f"✓ Target reached: {shown.explorer.reached}"],
        timeout=10_000)
    shown.page.screenshot(path=SCREENSHOTS / f"{shown.name}_reached.png")


def test_fast_moves_lose_nothing(shown):
    """200 moves as fast as the browser makes them: the picture ends where the slider ends."""
    sliders = [name for name, control in shown.explorer.controls.items() if isinstance(control, Slider)]
    if not sliders:
        pytest.skip("no slider here")
    control = shown.explorer.controls[sliders[0]]
    shown.keyboard(sliders[0], control.low)
    for k in range(200):
        shown.page.keyboard.press("ArrowLeft" if k % 40 >= 20 else "ArrowRight")
    shown.page.keyboard.press("End")
    shown.explorer.set(**{sliders[0]: control.high})
    shown.wait_alt(shown.explorer.alt, timeout=3_000)


def test_no_serious_accessibility_problem(shown):
    assert violations(shown.page) == []
    if shown.name == "toy":                     # the rule is able to fail: a handle without its name is found
        shown.cell.evaluate("""cell => cell.querySelector('.jp-OutputArea-output').insertAdjacentHTML(
            'beforeend', '<div id="nameless" role="slider" tabindex="0" aria-valuenow="1">1</div>')""")
        found = violations(shown.page)
        shown.cell.evaluate("cell => cell.querySelector('#nameless').remove()")
        assert len(found) == 1 and found[0].startswith("aria-input-field-name")


def test_reopened_without_a_kernel(shown):
    shown.lab.save(shown.page)
    alt = shown.picture()[1]
    shown.lab.close(shown.page)
    name = f"{shown.name}.ipynb"
    saved = json.loads((shown.lab.folder / name).read_text(encoding="utf-8"))
    saved["cells"][0]["source"] = "# another hand wrote this"      # its signature no longer fits: not trusted
    (shown.lab.folder / f"untrusted_{name}").write_text(json.dumps(saved), encoding="utf-8")
    for copy, line in ((name, "Run this cell"), (f"untrusted_{name}", "No sliders here")):
        page = shown.lab.read(copy)
        page.wait_for_selector(".jp-OutputArea-output img")
        page.get_by_text(line).wait_for(timeout=15_000)
        assert "Error displaying" not in page.inner_text("body")
        assert page.locator(".jp-OutputArea-output img").last.get_attribute("alt") == alt
        assert shown.explorer.question in page.locator(".jp-Notebook").inner_text()
        page.screenshot(path=SCREENSHOTS / f"{Path(copy).stem}_without_kernel.png")
