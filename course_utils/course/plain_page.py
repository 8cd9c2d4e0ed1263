"""The frame of a web page that stands by itself: no script, nothing from outside, light and dark, on a phone too."""

from course_utils.checker import in_html

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
html, body { background: #ffffff; color: #1b1b1b; }
a { color: #0b57a4; }
p, li, pre { max-width: 42rem; overflow-wrap: anywhere; }
pre { border: 1px solid #8888; padding: .6rem; white-space: pre-wrap; }
table { border-collapse: collapse; margin: 1rem 0 2.5rem; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; }
th, td { border-bottom: 1px solid #8888; padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
.wide { overflow-x: auto; }
@media (prefers-color-scheme: dark) {
  html, body { background: #161616; color: #eeeeee; }
  a { color: #8ab8f5; }
}
"""


def plain_page(title: str, parts: list[str]) -> str:
    """A page of these parts, which are HTML already; empty ones are left out."""
    return "\n".join([
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{in_html(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
        *filter(None, parts), "</main>\n</body>\n</html>\n"])
