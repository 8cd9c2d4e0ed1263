"""What Python cannot read, in words: each pattern is looked for in its message, or in the line that it stopped at."""

import re

UNREADABLE = [                          # (pattern of Python's message, what happened, why and what to do)
    (r"expected ':'",
     "Line {line} lacks a colon. A line that begins with `def`, `for`, `if`, `with` or `class` ends in `:`."),
    (r"'(.)' was never closed",
     "The `{0}` in line {line} is opened and never closed. Count the brackets from there on."),
    (r"unmatched '(.)'",
     "Line {line} closes a `{0}` that was never opened. Take it away, or open one before."),
    (r"closing parenthesis '(.)' does not match opening parenthesis '(.)'",
     "In line {line} a `{0}` closes what `{1}` opened. Brackets are closed by their own kind."),
    (r"unterminated (?:triple-quoted )?f?-?string",
     "A text in line {line} begins with a quote and does not end in one. Close it with the same kind of quote."),
    (r"EOL while scanning string literal|EOF while scanning",
     "A text in line {line} begins with a quote and does not end in one. Close it with the same kind of quote."),
    (r"invalid character '…'",
     "The `…` in line {line} is one character, and Python knows three dots `...`. A text needs quotes around it."),
    (r"invalid character '([“”‘’„«»])'",
     "The quotes `{0}` in line {line} come from a text editor. Python reads only straight ones: `\"` and `'`."),
    (r"invalid character '([−–—])'",
     "The `{0}` in line {line} is a dash, no minus. Type `-` in its place."),
    (r"invalid character '([×·⋅])'",
     "The `{0}` in line {line} is no sign that Python knows. It multiplies with `*`."),
    (r"invalid (?:non-printable )?character '?([^']*?)'? ?\(?(U\+[0-9A-F]+)",
     "Line {line} holds a character that Python does not read ({1}), perhaps copied with the text. Type it anew."),
    (r"expected an indented block after (.+) on line (\d+)",
     "What belongs to the {0} in line {1} has to be indented. Move the lines below it to the right by four blanks."),
    (r"unexpected indent",
     "Line {line} is indented, and nothing above asks for it. Move it to the left."),
    (r"unindent does not match|inconsistent use of tabs",
     "Line {line} is indented unlike the lines around it. Put the same number of blanks before each, and no tabs."),
    (r"'(return|yield|await)' outside",
     "A `{0}` stands outside of a function, in line {line}. It belongs below a `def`, indented by four blanks."),
    (r"'(break|continue)' (?:outside|not properly)",
     "A `{0}` stands outside of a loop, in line {line}. Is it indented as far as the lines of the loop?"),
    (r"cannot assign to ",
     "What stands left of `=` in line {line} cannot be given a value. Left stands a name, right its value; "
     "to compare, write `==`."),
    (r"Maybe you meant '=='",
     "One `=` gives a name a value; in line {line} that cannot be meant. To compare, write `==`."),
    (r"invalid decimal literal|invalid syntax.*\d[A-Za-z]",
     "In line {line} a number runs into a letter. To multiply, write `*` between them: `2 * x`. "
     "No name begins with a digit."),
    (r"leading zeros in decimal",
     "In line {line} a number begins with 0. Leave the 0 away, or write a point after it: `0.7`."),
    (r"Missing parentheses in call to '(\w+)'",
     "`{0}` is a function: what it is given stands in parentheses. Write `{0}(…)` in line {line}."),
    (r"Perhaps you forgot a comma",
     "Two values stand side by side in line {line} with nothing between them. Is a comma missing, or a `*`?"),
    (r"positional argument follows keyword",
     "In the call in line {line}, arguments with `name=` come last. Put the others before them."),
    (r"expected '(except)' or 'finally'",
     "The `try` before line {line} has no `{0}`. Give it one, or take the `try` away."),
    (r"keyword argument repeated: (\w+)",
     "`{0}=` stands twice in the call in line {line}. Keep one of them."),
    (r"f-string",
     "The braces in a text `f\"…\"` in line {line} do not close or hold nothing. `{{value}}` shows a value."),
    (r"unexpected character after line continuation",
     "A `\\` in line {line} tells Python that the line goes on below. Take it away, or write `/` to divide."),
]
IN_THE_LINE = [                         # comes first, where the message says no more than what was expected
    (r"\belse\s+if\b", "Line {line} says `else if`. Python writes `elif`."),
    (r"\+\+", "Python has no `++`. In line {line} write `+= 1`."),
    (r"&&|\|\|", "Python has no `&&` and no `||`. In line {line} write `and`, `or`."),
    (r"=>|=<", "Line {line} has the two signs the wrong way round. Write `>=` or `<=`."),
    (r"\d\s*%\s*(?:#.*)?$",
     "A `%` stands for no percent in Python. In line {line} give a share: 0.3 in place of 30 %."),
    (r"^\s*(?:def|class)\b[^(:]*:?\s*$", "The name after `def` needs parentheses, also empty ones: see line {line}."),
    (r"=\s*(?:#.*)?$", "In line {line} nothing stands right of `=`. Write the value there, or `...` for later."),
    (r"^\s*(?:and|as|class|def|del|for|from|global|if|import|in|is|lambda|not|or|pass|return|try|while|with|yield)\s*=",
     "Line {line} gives a value to a word that belongs to Python. Choose another name, such as one with `_` after it."),
    (r"\blambda\s*=",
     "`lambda` is a word of Python. In line {line} choose another name, such as `lam`."),
]
OTHERWISE = "Python cannot read line {line} and stopped at the sign `^`. Look there and in the line above: " \
            "a comma, a quote, a bracket or a colon is missing or too many."


def unreadable(problem: SyntaxError) -> str:
    """A sentence or two about a cell that Python could not read, so that no line of it ran."""
    said, text, line = problem.msg or "", (problem.text or "").rstrip(), problem.lineno or 1
    for pattern, sentence in IN_THE_LINE if re.match(r"invalid syntax$|expected", said) else ():
        if re.search(pattern, text):
            return sentence.format(line=line)
    for pattern, sentence in UNREADABLE:
        found = re.search(pattern, said)
        if found:
            return sentence.format(*(group or "" for group in found.groups()), line=line)
    return OTHERWISE.format(line=line)
