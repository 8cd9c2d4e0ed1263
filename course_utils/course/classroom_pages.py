"""The pages in a classroom's folder that say how to install: one for each system, which open without a network."""

from course_utils.checker import in_html
from course_utils.course.plain_page import plain_page

WORDS = {
    "linux": {"title": "Linux", "python": "python3", "open": "a terminal in this folder",
              "data": "export COURSE_DATA=~/course/data", "start": "~/course/start.sh",
              "none": "Your distribution has it, under a name such as python3."},
    "windows": {"title": "Windows", "python": "py -{python}", "open": "this folder in the Explorer, type powershell "
                "into the address bar and press Enter", "data": '$env:COURSE_DATA = "$HOME\\course\\data"',
                "start": "& $HOME\\course\\start.bat",
                "none": "Ask your teacher for Python's installer; it is not in this folder."},
    "macos": {"title": "macOS", "python": "python3", "open": "the program Terminal, type cd and a blank, pull this "
              "folder into the window and press Enter", "data": "export COURSE_DATA=~/course/data",
              "start": "~/course/start.command",
              "none": "Ask your teacher for Python's installer; it is not in this folder."},
}


def page(system: str, pythons: list[str], *, has_site: bool) -> str:
    """The page for one of "linux", "windows" and "macos", with these versions of Python."""
    words = WORDS[system]
    python = words["python"].format(python=pythons[-1])
    body = [
        f"<h1>Install the course on {words['title']}, without a network</h1>",
        f"<p>You need Python {' or '.join(pythons)} and about 2 GB of disk. It takes a few minutes.</p>",
        f"<h2>1. Open {words['open']}</h2>",
        f"<p>Ask which Python you have:</p>{_code(f'{python} --version')}",
        f"<p>If there is none, or another version: {words['none']}</p>" if words["none"] else "",
        f"<h2>2. Install</h2>{_code(f'{python} install.py')}",
        "<p>It puts everything into the folder <code>course</code> in your home folder and changes nothing else. "
        f"Another place is named at the end of the line: <code>{in_html(python)} install.py PLACE</code></p>",
        f"<h2>3. Start</h2>{_code(words['start'])}",
        "<p>JupyterLab opens in the browser. Begin with <code>00_start_here</code>. What you write lies in "
        "<code>course/my_work</code>.</p>",
        "<h2>The data</h2><p>They were copied to <code>course/data</code>, and the course that was installed here "
        "finds them there. Another installation of the course is told so, before <code>course lab</code>:</p>",
        _code(words["data"]),
        "<h2>To read without Python</h2><p>The lessons as pages: <a href=\"site/index.html\">site</a></p>"
        if has_site else "",
        "<h2>If something does not work</h2><p>Ask the doctor, and show what it says:</p>",
        _code("& $HOME\\course\\environment\\Scripts\\course doctor" if system == "windows"
              else "~/course/environment/bin/course doctor"),
    ]
    return plain_page(f"Install the course on {words['title']}", body)


def _code(line: str) -> str:
    return f"<pre><code>{in_html(line)}</code></pre>"
