"""`course lab`, `doctor`, `data`, `progress` and so on: what is done from a terminal, around the notebooks."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from course_utils import colab, started
from course_utils.course import around_jupyter, for_teachers, record, workbook
from course_utils.course.command_line import CommandLine, add_command, refused
from course_utils.course.whole_files import copy_whole
from course_utils.course.workbook import WorkbookTrouble

LONGEST_NAME = 34                       # of a lesson, in the table of `course progress`
PRODUCTS = ["site", "slides", "solved", "answers", "pictures", "nbgrader"]       # of `course build`

# Where Colab finds the lessons. A test compares it with [project.urls].
COLAB_LESSONS = "https://colab.research.google.com/github/from-one-neuron-up/course/"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 1 with a plain line about what to do."""
    for stream in (sys.stdout, sys.stderr):         # a Windows terminal may lack ✓ and °
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = _parser()
    options = parser.understand(sys.argv[1:] if arguments is None else arguments)
    if not hasattr(options, "command"):             # `course` alone
        parser.print_help()
        return 0
    try:
        return options.command(options)
    except WorkbookTrouble as trouble:
        print(trouble, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. Nothing of yours was changed.", file=sys.stderr)
    except BrokenPipeError:                         # `course doctor | head`
        sys.stdout = open(os.devnull, "w")          # or Python complains once more on its way out
    except OSError as refusal:
        print(refused(refusal), file=sys.stderr)
    return 1


def _parser() -> CommandLine:
    parser = CommandLine(prog=started.command(), description="How a model learns, from one neuron up.")
    parser.add_argument("-V", "--version", action="store_true", help="the version of the course")
    commands = parser.add_subparsers(metavar="command")

    def add(name: str, command: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        sub = add_command(commands, name, help)
        sub.set_defaults(command=command)
        return sub

    in_dir: dict[str, Any] = {"type": Path, "metavar": "FOLDER", "help": "where your copies live (my_work/)"}
    lab = add("lab", _lab, "Open JupyterLab on your own copies of the lessons; what you edited is never overwritten.")
    lab.add_argument("--dir", **in_dir)
    lab.add_argument("jupyter", nargs="*", metavar="-- ARGUMENTS", help="passed on to JupyterLab")
    doctor = add("doctor", _doctor, "Say whether every lesson runs here, and what to do where one would not.")
    doctor.add_argument("--dir", **in_dir)
    data = add("data", _data, "Fetch every data set now, for later without a network.")
    data.add_argument("--to", type=Path, metavar="FOLDER",
                      help="make a folder to hand round; whoever sets COURSE_DATA to it needs no network")
    progress = add("progress", _progress,
                   "Show how many exercises your saved copies have right, and which wrong ideas you met.")
    progress.add_argument("--dir", **in_dir)
    for_teachers.add_export(progress)
    review = add("review", _review, "Write a notebook of ten exercises to answer again: what was wrong or long ago.")
    review.add_argument("--dir", **in_dir)
    build = add("build", _build, "Make from the lessons: the web site, slides, solved copies, teachers' pages.")
    build.add_argument("folder", type=Path, nargs="?", default=Path("build"), metavar="FOLDER", help="default: build/")
    build.add_argument("--site", action="store_true", help="the web site, which needs no network: site/index.html")
    build.add_argument("--solved", action="store_true", help="executed notebooks with every exercise answered")
    build.add_argument("--slides", action="store_true", help="slides, which need no network; solved with --solved")
    build.add_argument("--answers", action="store_true", help="for teachers: wrong answers to expect")
    build.add_argument("--pictures", action="store_true", help="a small picture of each lesson, for a front page")
    build.add_argument("--nbgrader", action="store_true", help="for teachers: as assignments of nbgrader")
    build.add_argument("--lesson", metavar="NAME", default="", help="only lessons whose name begins so, as in 03")
    check = add("check-exercise", _check_exercise, "For authors: which answers the exercises in a file take for which.")
    check.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a Python file with exercises")
    check.add_argument("--others", type=Path, metavar="FILE", help="a Python file with more of OTHERS, right answers")
    check.add_argument("--template", action="store_true", help="print a file to begin with")
    for_teachers.add_to(add)
    return parser


def _lab(options: argparse.Namespace) -> int:
    if colab.on_colab():
        print(f"On Colab there is no JupyterLab to open. The lessons are opened from {COLAB_LESSONS}\n"
              "Save yours by the menu File > Save a copy in Drive.", file=sys.stderr)
        return 1
    mine = options.dir or workbook.default_folder()
    for laid in workbook.lay(workbook.lessons_folder(), mine):
        if laid.note:
            print(laid.note)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in options.jupyter:
        print(f"Your copies are in {mine}. JupyterLab does not start for the user root by itself.\n"
              f"In a container, where that is meant: {started.command('lab -- --allow-root')}", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={mine.resolve()}",
               "--LabApp.default_url=/lab/tree/00_start_here.ipynb", *options.jupyter]
    surroundings, told = around_jupyter.environment(dict(os.environ))
    if told:
        print(told)
    print(f"Your copies of the lessons are in {mine}. JupyterLab opens in the browser; to end it, press Ctrl-C here.")
    server = subprocess.Popen(command, env=surroundings)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:                   # JupyterLab hears it too, asks whether it is meant, and ends
            continue


def _doctor(options: argparse.Namespace) -> int:
    from course_utils.course import doctor

    mine = options.dir or workbook.default_folder()
    folders = [mine, Path.cwd()]
    try:
        folders.append(workbook.lessons_folder())
    except WorkbookTrouble:                         # said by `course lab`; the rest can be looked at all the same
        pass
    findings = doctor.examine(folders)
    print(doctor.page(findings))
    return int(any(finding.level == doctor.FIX for found in findings.values() for finding in found))


def _data(options: argparse.Namespace) -> int:
    from course_utils.download import SOURCES, DataUnavailable, fetch

    missing = 0
    for name, source in SOURCES.items():
        try:
            folder = fetch(name, retry=True)
            if options.to is not None:
                for file in source.files:
                    copy_whole(folder / file.path, options.to / file.path)
                folder = options.to
            print(f"{source.title:<18} {source.megabytes:6.1f} MB  {folder}")
        except DataUnavailable as absence:
            missing += 1
            print(f"{source.title:<18} {source.megabytes:6.1f} MB  not here\n{absence}\n")
        except OSError as refusal:
            print(f"{options.to} cannot be written to: {refusal.strerror or refusal}. Name another folder.",
                  file=sys.stderr)
            return 1
    if missing:
        print("Lessons run without what is missing, and show less.")
    elif options.to is not None:
        print(f"Hand {options.to} round. Whoever copies it sets COURSE_DATA to its path before "
              f"`{started.command('lab')}`.")
    else:
        print("Everything is here. Lessons need no network from now on.")
    return int(missing > 0)


def _progress(options: argparse.Namespace) -> int:
    mine = options.dir or workbook.default_folder()
    if not mine.is_dir():
        return _no_copies(mine)
    if options.export is not None:
        return for_teachers.export(options, mine)
    everything = workbook.progress(workbook.lessons_folder(), mine)
    for lesson, right, total, opened in everything:
        print(f"{lesson:<{LONGEST_NAME}} {right} of {total} exercises right" + ("" if opened else ", not begun"))
    right, total = sum(one.right for one in everything), sum(one.total for one in everything)
    print(f"{'all':<{LONGEST_NAME}} {right} of {total}\n")
    met = record.met_in_words(record.verdicts(workbook.lessons_folder(), mine))
    if met:
        print(f"{met}\n\nTo meet them once more: {started.command('review')}")
    print("Counted in the notebooks as last saved; nothing else is recorded.")
    return 0


def _review(options: argparse.Namespace) -> int:
    from course_utils.course import review

    mine = options.dir or workbook.default_folder()
    if not mine.is_dir():
        return _no_copies(mine)
    print("Choosing from your saved notebooks …")
    written = review.write(workbook.lessons_folder(), mine, date.today())
    if written is None:
        print("Nothing to review yet: no exercise in your saved copies was answered. Save a lesson, then ask again.")
        return 0
    path, many = written
    print(f"{many} exercise{'s' * (many > 1)} to answer once more: {path}\nOpen it with: "
          f"{started.command('lab')}")
    return 0


def _no_copies(folder: Path) -> int:
    if colab.on_colab():
        print(colab.without_copies())
        return 0
    print(f"There are no copies of yours in {folder} yet. They are laid by: {started.command('lab')}")
    return 0


def _build(options: argparse.Namespace) -> int:
    wanted = {f"want_{name}": getattr(options, name) for name in PRODUCTS}
    if not any(wanted.values()):
        print(f"Say what to build: {started.command('build')} --{', --'.join(PRODUCTS)}, or several of them.",
              file=sys.stderr)
        return 1
    from course_utils.course import build, publish
    from course_utils.site import SiteTrouble

    lessons = workbook.lessons_named(options.lesson, workbook.lessons_folder())
    if not lessons:
        print(f"No lesson's name begins with {options.lesson}.", file=sys.stderr)
        return 1
    try:
        for file in build.build(lessons, options.folder, **wanted):
            print(file, flush=True)
    except (publish.PublishTrouble, SiteTrouble) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _check_exercise(options: argparse.Namespace) -> int:
    from course_utils.course import check_exercise

    if options.others is not None and options.file is None:
        print("Name the file with the exercises, too: --others FILE holds other right answers to them.",
              file=sys.stderr)
        return 1
    if options.template or options.file is None:
        print(check_exercise.TEMPLATE.read_text(encoding="utf-8"), end="")
        return 0
    try:
        page, to_mend = check_exercise.report(options.file, options.others)
    except check_exercise.FileTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(page)
    return int(to_mend > 0)


if __name__ == "__main__":
    sys.exit(main())
