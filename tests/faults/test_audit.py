"""The audit of what the course installs, `.ci/audit`, with a stand-in for uv that says what it was asked."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
UV = """#!/bin/sh
echo "$*" >> asked.txt
case "$*" in *" export "*) exit ${EXPORT:-0} ;; *pip-audit*) exit ${AUDIT:-0} ;; *) exit 99 ;; esac
"""


@pytest.fixture
def audit(tmp_path):
    """Runs the audit with some accepted weaknesses; what it ended with, said, and asked of uv."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "audit", tmp_path / ".ci")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(UV)
    (tmp_path / "bin" / "python").chmod(0o755)

    def run(accepted="", **ends):
        (tmp_path / ".ci" / "accepted-weaknesses.txt").write_text(accepted)
        (tmp_path / "asked.txt").unlink(missing_ok=True)
        env = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}", **ends}
        done = subprocess.run(["bash", tmp_path / ".ci" / "audit"], env=env, capture_output=True, text=True)
        asked = tmp_path / "asked.txt"
        return done.returncode, done.stdout + done.stderr, asked.read_text() if asked.exists() else ""
    return run


def test_it_resolves_what_the_course_asks_for_and_has_each_package_looked_up(audit):
    code, _, asked = audit("# nothing is accepted\n\n")
    resolve, look_up = asked.splitlines()
    assert code == 0 and "ignore-vuln" not in asked
    assert "export" in resolve and "--all-groups" in resolve
    assert " --strict " in look_up and resolve.split("--output-file ")[1] == look_up.split("-r ")[1].strip()


def test_it_fails_where_a_weakness_is_known_or_nothing_could_be_resolved(audit, ended):
    assert audit(AUDIT="1")[0] == 1
    ended("explained")
    code, _, asked = audit(EXPORT="2")
    assert code == 2 and "pip-audit" not in asked
    ended("explained")


def test_what_is_accepted_is_passed_over_and_its_reason_printed(audit):
    code, said, asked = audit("PYSEC-2026-1  only its server, which no lesson starts; until 2.0\nGHSA-a-b-c  the same")
    assert code == 0 and "--ignore-vuln PYSEC-2026-1 --ignore-vuln GHSA-a-b-c" in asked
    assert "PYSEC-2026-1, only its server, which no lesson starts; until 2.0" in said


def test_nothing_is_accepted_without_a_reason(audit, ended):
    code, said, asked = audit("PYSEC-2026-1\n")
    assert code == 2 and not asked and "say behind PYSEC-2026-1 why it is accepted" in said
    ended("explained")


def test_what_is_documented_is_what_runs():
    documented = re.search(r"^bash \.ci/audit$", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.M)[0]
    for workflow in ("nightly", "release"):
        text = (ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text(encoding="utf-8")
        steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
        assert [step.get("run") for step in steps].count(documented) == 1, workflow
        assert not any(step.get("continue-on-error") for step in steps), workflow
    assert os.access(ROOT / ".ci" / "audit", os.X_OK)
