"""Imported in a kernel: a study that ran there once gives the same finding again, so that a second pass takes seconds.

A study that is given settings, the learner's own functions among them, is always run.
"""

from course_utils.study import Study

_run, _found = Study.run, {}


def keep(times=1):
    """Let each study run so many times; from then on its last finding is shown again."""
    def run(study, **settings):
        if settings:
            return _run(study, **settings)
        found = _found.setdefault(study, [])
        if len(found) < times:
            found.append(_run(study))
        return found[-1]

    Study.run = run
