"""The untidy survey: what its recipe makes is what is stored, and under the mess lie the published answers."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest
import survey_recipe
from statsmodels.datasets import anes96

from course_utils.datasets import survey_csv
from course_utils.download import SOURCES, DataUnavailable

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(survey_csv())


@pytest.fixture(scope="module")
def published():
    return anes96.load_pandas().data


def test_the_recipe_makes_the_stored_file():
    stored = (ROOT / "data" / "survey.csv").read_bytes().replace(b"\r\n", b"\n")
    assert survey_recipe.text().encode("ascii") == stored
    assert survey_csv().read_bytes().replace(b"\r\n", b"\n") == stored


def test_what_was_not_touched_is_as_published(table, published):
    assert len(table) == 944 and tuple(table.columns) == survey_recipe.COLUMNS
    assert table["id"].tolist() == list(range(1, 945))
    for ours, theirs in (("town_size", "popul"), ("tv_news", "TVnews")):
        assert (table[ours] == published[theirs]).all()
    assert ((table["vote"] == "Dole") == (published["vote"] == 1)).all()
    assert table["party"].value_counts().to_dict() == {1: 488, 3: 419, 2: 37}
    met = {party: set(published["PID"][table["party"] == party]) for party in (1, 2, 3)}
    assert met == {1: {0, 1, 2}, 2: {3}, 3: {4, 5, 6}}


def test_the_mess_can_be_undone_and_is_as_large_as_stated(table, published):
    for ours, theirs in (("left_right", "selfLR"), ("left_right_clinton", "ClinLR"), ("left_right_dole", "DoleLR")):
        known = table[ours] != 9
        assert (table[ours] == published[theirs])[known].all() and 0.03 < (~known).mean() < 0.07
    given = table["age"].notna()
    assert (table["age"] == published["age"])[given].all() and 0.03 < (~given).mean() < 0.06
    tidy = table["education"].str.strip().str.lower()
    assert tidy.nunique() == 7 < table["education"].nunique() and 0.1 < (tidy != table["education"]).mean() < 0.2
    assert (tidy.groupby(published["educ"]).nunique() == 1).all()
    income = table["income"]
    typed_short = (income > 0) & (income < 1_000)
    dollars = income.where(~typed_short, 1_000 * income)
    assert (dollars.groupby(published["income"]).nunique() == 1).all()
    assert (dollars.groupby(published["income"]).max().diff().dropna() > 0).all()
    assert 0.14 < typed_short.mean() < 0.24 and 0.08 < income.isna().mean() < 0.12


def test_a_damaged_survey_is_said_to_be_damaged(monkeypatch, tmp_path):
    from course_utils.download import places

    monkeypatch.setattr(places, "checkout_data", lambda: tmp_path)
    monkeypatch.setattr(places, "user_cache", lambda: tmp_path)
    monkeypatch.delenv("COURSE_DATA", raising=False)
    (tmp_path / "survey.csv").write_text("id,party\n1,2\n")
    with pytest.raises(DataUnavailable, match="The survey came with the course and is damaged"):
        survey_csv()


def test_what_comes_with_the_course_is_carried_into_the_wheel():
    carried = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    files = {file.path for source in SOURCES.values() if source.comes_with_the_course for file in source.files}
    assert files == {"orings.csv", "survey.csv", "digits.npz", "breast_cancer.csv", "iris.csv", "wine.csv"}
    assert {f"data/{name}": f"course_utils/_data/{name}" for name in files}.items() <= carried.items()
