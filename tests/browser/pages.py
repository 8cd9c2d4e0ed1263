"""What a test does on a page: find an explorer's picture, move its controls by keyboard or mouse, judge the page."""

from course_utils.explorer import Button, Choices, Slider, Toggle

CONTROLS = ".widget-slider, .widget-button, .widget-dropdown, .widget-checkbox"     # an explorer has one of these

class OnPage:
    """One explorer as it stands on a page: the cell that shows it, and the `Explorer` it was made from."""

    def __init__(self, page, explorer, cell=None) -> None:
        self.page, self.explorer = page, explorer
        self.cell = cell or page.locator(".jp-CodeCell", has=page.locator(CONTROLS)).first

    @property
    def _image(self):
        return self.cell.locator(".jp-OutputArea-output img").last

    def picture(self) -> tuple[str, str]:
        """The image's bytes as they stand in the page, and its text alternative."""
        return self._image.get_attribute("src"), self._image.get_attribute("alt")

    def wait_status(self, text: str) -> None:
        """Wait until the line that is spoken holds `text`; it comes after the picture, in a message of its own."""
        from playwright.sync_api import expect

        expect(self.cell.get_by_role("status")).to_contain_text(text, timeout=10_000)

    def wait_changed(self, before: tuple[str, str], what: str = "src", timeout: float = 10_000) -> None:
        """Wait until the image (`what="src"`) or its words ("alt") differ from `before`."""
        self.page.wait_for_function(
            "([image, name, old]) => image().getAttribute(name) !== old".replace("image()", _IMAGE),
            arg=[self._mark(), what, before[0 if what == "src" else 1]], timeout=timeout)

    def wait_alt(self, alt: str, timeout: float = 10_000) -> None:
        self.page.wait_for_function(f"([image, alt]) => {_IMAGE}.getAttribute('alt') === alt",
                                    arg=[self._mark(), alt], timeout=timeout)

    def _mark(self) -> str:
        self.cell.evaluate("cell => cell.setAttribute('data-under-test', '')")
        return ""

    def control(self, name: str):
        """The element that takes the keyboard for control `name`, found by its accessible name."""
        control = self.explorer.controls[name]
        role = {Slider: "slider", Choices: "combobox", Toggle: "checkbox", Button: "button"}[type(control)]
        return self.cell.get_by_role(role, name=control.label, exact=True)

    def keyboard(self, name: str, value=None) -> None:
        """Bring control `name` to `value` with keys alone; a button is pressed."""
        control, element = self.explorer.controls[name], self.control(name)
        self._tab_to(element)
        press = self.page.keyboard.press
        if isinstance(control, Slider):
            for key in slider_keys(control, value):
                press(key)
        elif isinstance(control, Choices):
            press("Home")
            for _ in range(control.options.index(value)):
                press("ArrowDown")
        elif isinstance(control, Button) or element.is_checked() != value:
            press("Space")

    def _tab_to(self, element) -> None:
        """Reach `element` by the Tab key, from the explorer's first control that is not greyed out.

        One that was greyed out a moment ago is open again when the kernel has answered.
        """
        for _ in range(40):
            next(start for start in map(self.control, self.explorer.controls) if self.takes_keys(start))
            for _ in range(4 * len(self.explorer.controls)):
                if element.evaluate("element => element === document.activeElement") and not self.greyed_out(element):
                    return
                self.page.keyboard.press("Tab")
            self.page.wait_for_timeout(250)
        raise AssertionError("The Tab key does not reach this control.")

    def takes_keys(self, element) -> bool:
        """Bring the focus to `element`; whether it will listen to keys there."""
        element.focus()
        return element.evaluate("element => element === document.activeElement") and not self.greyed_out(element)

    def greyed_out(self, element) -> bool:
        """What is greyed out does not listen. A slider that is takes the focus all the same, and swallows the keys."""
        return element.evaluate("element => element.matches(':disabled') || element.closest('[disabled]') !== null")

    def mouse(self, name: str) -> None:
        """Move control `name` with the mouse to another place than where it is."""
        control, element = self.explorer.controls[name], self.control(name)
        if isinstance(control, Slider):
            track = element.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]").bounding_box()
            handle = element.bounding_box()
            x, y = (handle[a] + handle[b] / 2 for a, b in (("x", "width"), ("y", "height")))
            to = 0.9 if x < track["x"] + track["width"] / 2 else 0.1
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(track["x"] + to * track["width"], y, steps=8)
            self.page.mouse.up()
        elif isinstance(control, Choices):
            element.select_option(index=(control.options.index(element.input_value()) + 1) % len(control.options))
        else:
            element.click()


_IMAGE = "[...document.querySelectorAll('[data-under-test] .jp-OutputArea-output img')].at(-1)"


def slider_keys(control: Slider, value) -> list[str]:
    """Keys that bring a slider from anywhere to `value`: one end, then steps."""
    from math import log10

    low, high, at = (log10(v) if control.log else v for v in (control.low, control.high, value))
    up, down = round((at - low) / control.step), round((high - at) / control.step)
    return ["Home"] + ["ArrowRight"] * up if up <= down else ["End"] + ["ArrowLeft"] * down


def violations(page, context: str = ".jp-OutputArea-output") -> list[str]:
    """What axe-core finds of serious or critical grade in our own output: rule, then the element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found if each["impact"] in ("serious", "critical")
            for node in each["nodes"]]


def faint(page, context: str = ".jp-OutputArea-output") -> list[str]:
    """Texts that stand out from their ground by less than 4.5 : 1 (WCAG 2.1), each with its contrast.

    axe-core has a rule for this, and finds nothing to judge inside of JupyterLab: it takes all of it for hidden.
    """
    return page.evaluate(_FAINT, context)


_FAINT = """context => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const over = ([r, g, b, a = 1], ground) => [r, g, b].map((part, i) => a * part + (1 - a) * ground[i]);
    const ground = element => {
        if (!element) return [255, 255, 255];
        const paint = numbers(getComputedStyle(element).backgroundColor);
        return (paint[3] ?? 1) === 1 ? paint : over(paint, ground(element.parentElement));
    };
    const luminance = parts => {
        const [r, g, b] = parts.map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    for (const area of document.querySelectorAll(context)) {
        const texts = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const element = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim();
            if (!text || !element.checkVisibility() || element.closest("script, style, [disabled], option")) continue;
            const below = ground(element), ink = over(numbers(getComputedStyle(element).color), below);
            const [dark, light] = [luminance(ink), luminance(below)].sort((a, b) => a - b);
            const contrast = (light + 0.05) / (dark + 0.05);
            if (contrast < 4.5) found.push(`${contrast.toFixed(1)}: ${text.slice(0, 60)}`);
        }
    }
    return found;
}"""
