"""How data/survey.csv was made: real answers, out of a data set in the public domain, with a mess added to them.

    python tests/survey_recipe.py > data/survey.csv

The answers are those of statsmodels' `anes96`. What is done to them is what people who type tables do; which rows it
happens to is drawn with Python's own generator, which gives the same numbers in every version.
"""

import random
import sys

EDUCATION = {1: "grade school", 2: "some high school", 3: "high school", 4: "some college", 5: "college degree",
             6: "master's degree", 7: "doctorate"}
INCOME = {                              # the lower end of each bracket, in dollars a year
    1: 0, 2: 3_000, 3: 5_000, 4: 7_000, 5: 9_000, 6: 10_000, 7: 11_000, 8: 12_000, 9: 13_000, 10: 14_000, 11: 15_000,
    12: 17_000, 13: 20_000, 14: 22_000, 15: 25_000, 16: 30_000, 17: 35_000, 18: 40_000, 19: 45_000, 20: 50_000,
    21: 60_000, 22: 75_000, 23: 90_000, 24: 105_000,
}
PARTY = {0: 1, 1: 1, 2: 1, 3: 2, 4: 3, 5: 3, 6: 3}      # Democrat, independent, Republican; leaning counts
DO_NOT_KNOW = 9                         # on scales from 1 to 7, as surveys code it
COLUMNS = ("id", "town_size", "tv_news", "left_right", "left_right_clinton", "left_right_dole", "age", "education",
           "income", "vote", "party")


def rows() -> list[tuple]:
    """The table, one tuple a respondent, in the order of the original, which is that of income."""
    from statsmodels.datasets import anes96

    chance = random.Random(1996)
    return [_untidy(number, answers, chance)
            for number, answers in enumerate(anes96.load_pandas().data.astype({"PID": int}).itertuples(), start=1)]


def _untidy(number: int, answers, chance: random.Random) -> tuple:
    def happens(share: float) -> bool:
        return chance.random() < share

    scales = [DO_NOT_KNOW if happens(0.05) else int(place)
              for place in (answers.selfLR, answers.ClinLR, answers.DoleLR)]
    age = "" if happens(0.04) else int(answers.age)
    education = EDUCATION[int(answers.educ)]
    if happens(0.15):
        education = chance.choice([education.upper(), education.capitalize(), f"{education} "])
    income = INCOME[int(answers.income)]
    if happens(0.20):
        income //= 1_000                # typed in thousands of dollars
    if happens(0.10):
        income = ""
    return (number, int(answers.popul), int(answers.TVnews), *scales, age, education, income,
            "Dole" if answers.vote else "Clinton", PARTY[answers.PID])


def text() -> str:
    """The file, with LF as line ends."""
    return "".join(",".join(map(str, row)) + "\n" for row in (COLUMNS, *rows()))


if __name__ == "__main__":
    sys.stdout.reconfigure(newline="\n")
    sys.stdout.write(text())
