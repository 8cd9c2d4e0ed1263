"""Reads the words after `course`: what is not understood is told in words, with the command that lists more."""

import argparse
import difflib
import errno
import re
from typing import Any, NoReturn

import course_utils
from course_utils import started


class CommandLine(argparse.ArgumentParser):
    """A parser of `course` or of one of its commands; `metavar` of its commands is "command"."""

    def understand(self, arguments: list[str]) -> argparse.Namespace:
        """What is asked for. Ends the program with exit code 2, as is usual, where that cannot be told."""
        if arguments in (["--version"], ["-V"]):
            print(f"course-utils {course_utils.__version__}")
            self.exit()
        options, unknown = self.parse_known_args(["--help", *arguments[1:]] if arguments[:1] == ["help"] else arguments)
        if unknown:
            getattr(options, "parser", self).error(f"nothing is known of {' '.join(unknown)}")
        return options

    def error(self, message: str) -> NoReturn:
        """Python's own words name an "error" and an "invalid choice", and list more than was asked for."""
        said = re.sub(r"^argument (.*): invalid choice: ('.*') \(choose from (.*)\)$", r"\1: \2 is none of \3", message)
        if (named := re.match(r"command: '(.*)' is none of (.*)", said)) is not None:
            commands = re.findall(r"[\w-]+", named[2])
            near = difflib.get_close_matches(named[1], commands, n=1)
            meant = f" Did you mean `{started.command(near[0])}`?" if near else ""
            said = f"there is no command {named[1]}.{meant}\nThere are {', '.join(commands)}"
        said = said.removeprefix("argument ")
        self.exit(2, f"{said[:1].upper()}{said[1:]}.\nMore: {self.prog} --help\n")


def add_command(commands: Any, name: str, help: str) -> CommandLine:
    """A parser for one command, entered among `commands`; it is told of what nobody understands behind its name."""
    parser = commands.add_parser(name, help=help, description=help)
    parser.set_defaults(parser=parser)
    return parser


def refused(refusal: OSError) -> str:
    """What to say of a file that the system would not let us write or read."""
    where = f"{refusal.filename}: " if refusal.filename is not None else ""
    if refusal.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return f"{where}the disk is full.\nDelete something you no longer need, then run the command again."
    return f"{where}{(refusal.strerror or str(refusal)).lower()}.\nName another file or folder, or change that one."
