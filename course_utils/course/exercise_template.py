"""Exercises of your own: copy this file, change it, and look what `course check-exercise` says of it.

The page "Write an exercise in ten minutes" explains every part: course_utils/checker/README.md.
"""

import statistics

import numpy as np

from course_utils.checker import Choice, Mistake, Number, Right, Wrong, exercise, give_names


@exercise(
    probes=[([2.0, 3.5, 10.0],), ([4.0, -1.0],)],                       # tuples of arguments: other sizes and values
    mistakes=[                                                          # the wrong answer as code, then what to say
        Mistake(lambda numbers: sum(numbers), "That is the sum. Divide it by how many there are."),
        Mistake(lambda numbers: sorted(numbers)[len(numbers) // 2],
                "That is the middle one in order, the median. The mean weighs them all."),
    ],
    hints=["Two steps: add them up, then divide.", "How many there are is `len(numbers)`."],
    explanation="One number for all: nothing else is as near to all of them in squares.",
)
def mean(numbers):
    """The mean of a list of numbers."""
    return sum(numbers) / len(numbers)


@mean.mistake("Your loop ends after one number: the `return` belongs below it, not in it.")
def _(numbers):                                                         # a wrong answer of several lines
    total = 0
    for number in numbers:
        total += number
        return total / len(numbers)


outlier = Choice(
    "One of a thousand incomes is a billion. Which of the two moves more?",
    {
        "a": Right("The mean"),
        "b": Wrong("The median", "It only asks which one is in the middle, and hardly another one is."),
        "c": Wrong("Neither: it is one of a thousand", "Divided by a thousand, a billion is still a million."),
    },
    hints=["Try it with three numbers."],
)

squares = Number(
    "The squared distances of 1, 2 and 6 from their mean add up to …?",
    answer=14,
    mistakes=[Mistake(0, "Those are the distances themselves: they always cancel. Square them first."),
              Mistake(4.6667, "That is their mean, the variance. The sum is asked for.")],
    hints=["The mean is 3."],
    explanation="4 + 1 + 9.",
)

# Right answers, written in other ways: they have to be accepted.
OTHERS = {
    "mean": [
        lambda numbers: statistics.mean(numbers),
        lambda numbers: np.mean(numbers),
        lambda numbers: sum(number / len(numbers) for number in numbers),
    ],
    "outlier": ["the mean"],
}

give_names(globals())
