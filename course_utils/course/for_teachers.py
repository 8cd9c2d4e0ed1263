"""The commands for teachers: `course class`, `course link`, `course classroom`, and `course progress --export`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from course_utils import started
from course_utils.course import workbook
from course_utils.course.workbook import WorkbookTrouble

EXPORTED = Path("course_progress.json")
SYSTEMS = ("linux", "windows", "macos")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
RUNNING = ".".join(map(str, sys.version_info[:2]))


def add_to(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Enter the commands; `add(name, command, help)` makes a parser for one."""
    view = add("class", _class, "For teachers: who is stuck where, from the files that learners handed in.")
    view.add_argument("folder", type=Path, metavar="FOLDER",
                      help=f"holds what `{started.command('progress --export')}` made")
    view.add_argument("--html", type=Path, metavar="FILE", help="write a web page, too")
    hub = add("link", _link, "For teachers: the link that brings the lessons to learners on a JupyterHub.")
    hub.add_argument("--hub", required=True, metavar="ADDRESS", help="such as https://hub.example.org")
    hub.add_argument("--lesson", default="00", metavar="NAME", help="the lesson that opens, as in 01 (default: 00)")
    hub.add_argument("--repository", default="", metavar="ADDRESS", help="your own copy of the course, if you have one")
    hub.add_argument("--branch", default="main", metavar="NAME", help="default: main")
    room = add("classroom", _classroom, "For teachers: a folder from which a room installs without a network.")
    room.add_argument("folder", type=Path, metavar="FOLDER", help="is made, or completed")
    room.add_argument("--system", nargs="+", choices=SYSTEMS, default=list(SYSTEMS), help="default: all three")
    room.add_argument("--python", nargs="+", choices=PYTHONS, metavar="VERSION", default=[RUNNING],
                      help=f"of {', '.join(PYTHONS)}; default: this one, {RUNNING}")
    room.add_argument("--wheels", type=Path, metavar="FOLDER", help="wheels that you have, such as torch for the CPU")
    room.add_argument("--site", type=Path, metavar="FOLDER", help="the lessons as pages, to put in, too")
    room.add_argument("--yes", action="store_true", help="fetch without asking")


def add_export(progress: argparse.ArgumentParser) -> None:
    """The options of `course progress` for handing in."""
    progress.add_argument("--export", type=Path, nargs="?", const=EXPORTED, metavar="FILE",
                          help=f"write one file that you may hand in ({EXPORTED}); nothing is sent")
    progress.add_argument("--name", default="", metavar="NAME", help="with --export: put your name in it")
    progress.add_argument("--with-answers", action="store_true", help="with --export: put what you wrote in it, too")


def export(options: argparse.Namespace, mine: Path) -> int:
    """Write the file to hand in, and say what is in it. Raises WorkbookTrouble."""
    from course_utils.course import hand_in

    content = hand_in.hand_in(workbook.lessons_folder(), mine, name=options.name, with_answers=options.with_answers)
    hand_in.write(options.export, content)
    answers = "and what you wrote" if options.with_answers else "and nothing that you wrote"
    dates = "; dates, where JupyterLab kept them" if "last run on" in str(content) else ""
    print(f"{options.export} is ready to be handed in. It was sent nowhere.\n"
          f"In it: {'your name' if options.name else 'no name'}, which exercises are right, not yet right or not "
          f"tried, the wrong ideas\nyou met, {answers}{dates}. It is a text file: look into it.")
    return 0


def _class(options: argparse.Namespace) -> int:
    from course_utils.course import handed_in, whole_class
    from course_utils.course.whole_files import write_whole

    if not options.folder.is_dir():
        raise WorkbookTrouble(f"{options.folder} is no folder. Put the files that learners handed in into one.")
    files, notes = handed_in.read_folder(options.folder, handed_in.asked(workbook.lessons_folder()))
    if options.html is not None:                    # first: `| head` ends us while we print
        try:
            write_whole(options.html, whole_class.as_page(files, notes))
        except OSError as refusal:
            raise WorkbookTrouble(f"{options.html} cannot be written: {refusal.strerror or refusal}. "
                                  "Name another file.") from refusal
    print(whole_class.as_text(files, notes))
    print(f"The page: {options.html}" if options.html is not None else "All of each cell is on the page: --html FILE")
    return 0


def _classroom(options: argparse.Namespace) -> int:
    from course_utils.course import classroom
    from course_utils.course.wheelhouse import Target

    for given in (options.wheels, options.site):
        if given is not None and not given.is_dir():
            raise WorkbookTrouble(f"{given} is no folder.")

    def agrees(question: str) -> bool:
        print(question)
        if options.yes or not sys.stdin.isatty():
            print("" if options.yes else "To fetch it, run the same command with --yes.")
            return options.yes
        return input("Fetch it? [y/n] ").strip().lower() in ("y", "yes")

    targets = [Target(system, python) for system in options.system for python in options.python]
    return classroom.prepare(options.folder, targets, given=options.wheels, site=options.site, agrees=agrees,
                             say=lambda line: print(line, flush=True))


def _link(options: argparse.Namespace) -> int:
    from course_utils.course import hub

    found = workbook.lessons_named(options.lesson, workbook.lessons_folder())
    if not found:
        raise WorkbookTrouble(f"No lesson's name begins with {options.lesson}.")
    print(hub.link(options.hub, found[0].stem, options.repository or hub.our_repository(), options.branch))
    return 0
