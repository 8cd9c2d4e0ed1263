"""Every lesson, solved, in whatever versions are installed: no traceback, every check says right.

For environments other than the one that is tested at each push, see "Other versions" in CONTRIBUTING.
"""

import pytest
from executed import code_cells, not_run
from test_notebooks import LESSONS, assert_all_right

from course_utils.course import publish

pytestmark = pytest.mark.nightly


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_solved_lesson_runs(path, tmp_path):
    solved = publish.solved(publish.read(path), publish.catalogue(path.stem), path.name)
    ran = publish.execute(solved, tmp_path, cell_seconds=600)
    assert not_run(ran) == []
    assert_all_right(ran)
    outside = [cell.source for cell in code_cells(ran) for output in cell.outputs
               if "≠" in "".join(output.get("data", {}).get("text/plain", ""))]
    assert outside == [], "a study measured something outside of its range"
