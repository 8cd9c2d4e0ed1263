"""Key press to new picture: each explorer against a bare `interact` with the same drawing, in a real browser.

    python -m benchmarks.latency [name …] [--moves 40]

Two notebooks are open on the same JupyterLab: one shows the explorer, the other `interact(f, **sliders)` with an `f`
that draws the same picture on a new pyplot figure. A key moves the first slider; the time runs in the page, from the
key press until the new image is decoded. Both take turns in blocks, so that a busy spell hits both.
"""

import argparse
import contextlib
import importlib
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

BARS = {"median": 100.0, "95th percentile": 200.0, "of interact": 0.9}      # milliseconds, milliseconds, ratio

INTERACT = """
import ipywidgets
from course_utils.explorer import Button, Choices, Slider
from course_utils.explorer import Explorer

def widget(control, start):
    return control.widget(start, style={{}}, layout=ipywidgets.Layout(width="auto"))

made = {name}()
def picture(**settings):
    settings |= {{"presses": ()}} if "presses" in made.settings else {{}}
    made.draw(made.compute(**settings), plt.subplots()[1])
    plt.show()
controls = {{n: widget(c, made.settings[n]) for n, c in made.controls.items() if n in made.settings}}
ipywidgets.interact(picture, **controls);
"""

TIMER = """async key => {
    const cell = document.querySelector('[data-under-test]');
    const image = () => [...cell.querySelectorAll('.jp-OutputArea-output img')].at(-1);
    const before = image()?.src, start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
    while (true) {
        const now = image();
        if (now && now.src !== before) { await now.decode(); break; }
        if (performance.now() - start > 10000) return null;
        await new Promise(resolve => setTimeout(resolve, 1));
    }
    return performance.now() - start;
}"""


@contextlib.contextmanager
def laboratory():
    """JupyterLab and Chromium, as the browser tests start them."""
    import lab
    from playwright.sync_api import sync_playwright

    path = lab.chromium_path()
    if path is None:
        sys.exit("No Chromium found; install one, or name it in COURSE_CHROMIUM.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=lab.ARGUMENTS)
        with lab.serve(Path(home), browser) as served:
            yield served
        browser.close()


def importing(name: str) -> tuple[str, object]:
    if name == "toy":
        from toy_explorer import toy

        return "from toy_explorer import toy", toy()
    made = getattr(importlib.import_module(f"course_utils.explorers.{name}"), name)()
    return f"from course_utils.explorers.{name} import {name}", made


def measure(lab, name: str, moves: int) -> dict[str, list[float]]:
    """Milliseconds of `moves` key presses for "explorer" and for "interact"; empty where the explorer has no slider."""
    from course_utils.explorer import Slider

    line, explorer = importing(name)
    sliders = [control for control in explorer.controls.values() if isinstance(control, Slider)]
    if not sliders:
        return {}
    first = ["import matplotlib.pyplot as plt\nfrom course_utils.display import setup\nsetup()\n" + line]
    lab.write("explorer.ipynb", [*first, f"shown = {name}()\nshown.show()"])
    # a bare interact knows nothing of our images: it shows the PNG that the inline backend makes
    lab.write("interact.ipynb", [first[0].replace("setup()\n", "\n").replace("import setup\n\n", "import setup\n"),
                                 INTERACT.format(name=name)])
    pages = {kind: prepared(lab, f"{kind}.ipynb", sliders[0].label) for kind in ("explorer", "interact")}
    times: dict[str, list[float]] = {kind: [] for kind in pages}
    for block in range(4):
        for kind, page in pages.items():
            page.bring_to_front()
            for k in range(moves // 4 + 2):
                key = "ArrowLeft" if (block * (moves // 4 + 2) + k) % 10 >= 5 else "ArrowRight"
                took = page.evaluate(TIMER, key)
                page.wait_for_timeout(60)
                if k >= 2 and took is not None:         # the first ones of a block warm up
                    times[kind].append(took)
    for page in pages.values():
        page.close()
    return times


def prepared(lab, notebook: str, label: str):
    page = lab.open(notebook)
    lab.run_all(page)
    page.wait_for_selector(".jp-OutputArea-output img")
    cell = page.locator(".jp-CodeCell", has=page.locator(".widget-slider")).first
    cell.evaluate("cell => cell.setAttribute('data-under-test', '')")
    slider = cell.locator(".widget-slider", has=page.get_by_text(label, exact=True)).first
    slider.locator("[role=slider]").focus()
    return page


def main() -> None:
    folder = ROOT / "course_utils" / "explorers"
    names = ["toy", *sorted(path.stem for path in folder.glob("*.py") if path.stem[0] != "_")]
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("names", nargs="*", default=names)
    arguments.add_argument("--moves", type=int, default=40)
    chosen = arguments.parse_args()
    print(f"{'explorer':24}{'median':>9}{'p95':>9}{'interact median':>17}{'p95':>9}{'ratio':>8}   (milliseconds)")
    with laboratory() as lab:
        for name in chosen.names:
            times = measure(lab, name, chosen.moves)
            print(line_of(name, times) if times else f"{name:24}no slider to move", flush=True)


def line_of(name: str, times: dict[str, list[float]]) -> str:
    middle = {kind: statistics.median(values) for kind, values in times.items()}
    slow = {kind: statistics.quantiles(values, n=20)[-1] for kind, values in times.items()}
    ratio = middle["explorer"] / middle["interact"]
    met = (middle["explorer"] <= BARS["median"] and slow["explorer"] <= BARS["95th percentile"]
           and ratio <= BARS["of interact"])
    return (f"{name:24}{middle['explorer']:9.0f}{slow['explorer']:9.0f}{middle['interact']:17.0f}"
            f"{slow['interact']:9.0f}{ratio:8.2f}   {'bars met' if met else 'BARS MISSED'}")


if __name__ == "__main__":
    main()
