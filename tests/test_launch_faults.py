"""What goes wrong on several processes: each fault has its message, in time, and leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch.distributed as dist
from launched_work import (
    exits,
    exits_unseen,
    one_does_not_call,
    one_is_killed,
    one_returns_early,
    other_sizes,
    returns_a_file,
    without_end,
)
from processes_of import running, unix

from course_utils.distributed import WorkerFailed, launch
from course_utils.distributed import processes as processes_of_launch
from course_utils.distributed.collectives import explain_meeting
from course_utils.distributed.failures import End, Outcome, failure

SAME_CALLS = "Every rank has to make the same calls in the same order"


def failed(*arguments, **keywords):
    """(message, WorkerFailed) of a launch that fails."""
    with pytest.raises(WorkerFailed) as caught:
        launch(*arguments, **keywords)
    return str(caught.value), caught.value


def wait_until(condition, seconds=180):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


# ---- one rank fails ----


@unix
def test_a_killed_rank_ends_the_launch_in_time_and_nothing_is_left(tmp_path):
    text, error = failed(one_is_killed, tmp_path)
    seconds = time.time() - (tmp_path / "killed").stat().st_mtime
    assert text.startswith("Rank 1 of 2 was ended by signal 9 (SIGKILL). The other process was ended too.")
    assert "when memory runs out" in text and "resume=True" in text
    assert error.rank == 1 and seconds < 10
    assert sorted(file.stem for file in tmp_path.glob("*.pid")) == ["0", "1", "child"]
    assert set(running(tmp_path)) <= {"child.pid"}
    wait_until(lambda: running(tmp_path) == [], seconds=5)          # its signal is on the way


def test_sys_exit_is_told_with_its_line():
    text, error = failed(exits, processes=1)
    assert text.startswith("Rank 0 of 1 ended itself with sys.exit(3) before the function had returned, in line ")
    assert "of launched_work.py, in exits: `sys.exit(3)`. Leave the function with `return`" in text
    assert error.rank == 0


def test_a_program_that_ends_without_a_word():
    text, _ = failed(exits_unseen, processes=1)
    assert text == "Rank 0 of 1 ended with exit code 0 before the function had returned, and left no result."


def test_a_result_that_cannot_come_back_is_named():
    text, _ = failed(returns_a_file, processes=1)
    assert text == (
        "Rank 0 of 1 did its work, but its result does not reach you. `what it returns['log']` cannot be sent to "
        "another process: it is an open file, and the place in it belongs to this one process. Make it there, and "
        "return what it is made of."
    )


def test_tensors_of_different_sizes():
    text, _ = failed(other_sizes)
    assert text.startswith("The ranks gave tensors of different sizes to one call that all make together.")


# ---- ranks that miss one another ----


def test_a_hang_in_a_collective_says_where_every_rank_stands():
    text, error = failed(one_does_not_call, timeout=1)
    first, zero, one, advice = text.splitlines()
    assert first == "Rank 0 of 2 waited 1 s in all_reduce for a rank that did not come. This is where they stood:"
    assert zero.startswith("  rank 0: line ") and zero.endswith("`dist.all_reduce(torch.ones(3))`")
    assert one.startswith("  rank 1: line ") and one.endswith("in one_does_not_call: `time.sleep(1000)`")
    assert advice.startswith(SAME_CALLS) and "`timeout`" in advice and error.rank == 0


def test_a_rank_that_returned_is_not_waited_for():
    begin = time.monotonic()
    text, _ = failed(one_returns_early, timeout=1000)
    assert time.monotonic() - begin < 300
    first, zero, one, advice = text.splitlines()
    assert first.startswith("Rank 0 of 2 was in barrier, which needs every rank, when another one ended.")
    assert zero.endswith("`dist.barrier()`") and one == "  rank 1: had returned already"
    assert advice.startswith(SAME_CALLS)


@unix
def test_an_endless_loop_meets_the_time_limit(tmp_path, monkeypatch):
    class Clock:
        """Ten hours have passed as soon as the rank is in its loop, however long it took to start."""

        sleep = time.sleep

        @staticmethod
        def monotonic():
            return time.monotonic() + 36_000 * (tmp_path / "0.pid").exists()

    monkeypatch.setattr(sys.modules["course_utils.distributed.launch"], "time", Clock)
    text, error = failed(without_end, tmp_path, time_limit=3600, processes=1)
    first, place, last = text.splitlines()
    assert first.startswith("The work was not done after 3600 s, the time limit, so every process was ended.")
    assert place.startswith("  rank 0: line ") and "of launched_work.py, in " in place
    assert "launch(..., time_limit=7200)" in last and error.rank is None
    assert running(tmp_path) == []


def test_a_limit_that_comes_before_the_start_is_told_as_such():
    text, _ = failed(time.sleep, 100, time_limit=0.1, processes=1)
    assert "  rank 0: still starting" in text


# ---- the notebook goes away ----

CHILD = """
import sys
from launched_work import without_end
from course_utils.distributed import launch
launch(without_end, sys.argv[1], processes=1)
"""


@unix
def test_workers_end_with_the_program_that_launched_them(tmp_path):
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(tmp_path)}
    program = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], env=environment)
    try:
        wait_until(lambda: running(tmp_path) == ["0.pid"])
        assert len(list(tmp_path.glob("course_launch_*"))) == 1
    finally:
        program.kill()
        program.wait()
    wait_until(lambda: running(tmp_path) == [], seconds=10)
    assert list(tmp_path.glob("course_launch_*")) == []


def test_the_stop_button_waits_while_a_process_is_started():
    steps = []
    with pytest.raises(KeyboardInterrupt):
        with processes_of_launch.interrupts_later():
            signal.raise_signal(signal.SIGINT)
            steps.append("started")
        steps.append("never")
    assert steps == ["started"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler


# ---- a group started from a shell ----


def test_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        text, _ = failed(print, port=port)
    assert text.startswith(f"Port {port} of this machine is taken by another program")
    assert "Without `port`, launch finds a free one." in text


ALONE = """
import os
import torch.distributed as dist
from course_utils.distributed import process_group

def meet(rank):
    os.environ["RANK"] = str(rank)
    try:
        with process_group(timeout=1):
            pass
    except RuntimeError as error:
        print(type(error).__name__, error, flush=True)

meet(1)
meet(0)
other = dist.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
os.environ["MASTER_PORT"] = str(other.port)
meet(0)
"""


def test_the_others_do_not_come():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    group = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    done = subprocess.run([sys.executable, "-c", ALONE], env=os.environ | group, text=True, capture_output=True)
    text = done.stdout
    nobody, too_few, taken = [line for line in text.splitlines() if line.startswith("NotTogether")]
    assert "Rank 1 looked 1 s for rank 0 at 127.0.0.1:" in nobody and "found nobody there. Start rank 0" in nobody
    assert "1 of 2 processes came within 1 s. Start the missing ones" in too_few and "WORLD_SIZE" in too_few
    assert "is taken by another program" in taken and taken.endswith("Or were two processes both given RANK=0?")


def test_a_rank_whose_peers_do_not_come_is_told_which_ranks_there_should_be():
    error = explain_meeting(RuntimeError("wait timeout after 4000ms, keys: /0\nand more"), 1, 3, 4.0, "127.0.0.1:29500")
    assert str(error) == (
        "The 3 processes did not come together within 4 s (this is rank 1). Was each of the ranks 0 to 2 started, and "
        "started once? PyTorch says: wait timeout after 4000ms, keys: /0"
    )


# ---- which of several failures is told ----

RAISED = Outcome("raised", "ValueError", "line 1", "Traceback ...\nValueError: no", 20.0)
MISSED = Outcome("missed", "was in all_reduce, which needs every rank, when another one ended", "line 2", "", 10.0)
RETURNED = Outcome("returned")


@pytest.mark.parametrize("ends, words", [
    ({0: End(1, MISSED), 1: End(1, RAISED)}, "Rank 1 of 2 raised ValueError."),
    ({0: End(1, RAISED), 1: End(1, RAISED._replace(time=19.0)), 2: End(None, None)}, "Rank 1 of 3 raised"),
    ({0: End(1, RAISED), 1: End(-9, None)}, "Rank 1 of 2 was ended by signal 9 (SIGKILL)"),
    ({0: End(1, MISSED), 1: End(-11, None)}, "Rank 1 of 2 was ended by signal 11 (SIGSEGV)"),
    ({0: End(1, MISSED), 1: End(-15, None)}, "Somebody, or the system, asked it to end."),
    ({0: End(1, MISSED), 1: End(4, None, "", "the last line")}, "exit code 4 before the function had returned"),
    ({0: End(1, MISSED), 1: End(0, None)}, "Rank 1 of 2 ended with exit code 0"),
    ({0: End(1, MISSED), 1: End(-6, RETURNED)}, "Rank 1 of 2 was ended by signal 6 (SIGABRT)"),
    ({0: End(None, RETURNED), 1: End(1, MISSED)}, "Rank 1 of 2 was in all_reduce"),
    ({0: End(None, RETURNED), 1: End(1, MISSED)}, "  rank 0: had returned already\n  rank 1: line 2\n"),
    ({0: End(1, MISSED), 1: End(-6, None, "", "op.preamble.length <= op.nbytes")}, "  rank 1: had ended"),
])
def test_the_failure_that_drew_the_others_along_is_told(ends, words):
    assert words in str(failure(ends))


def test_a_half_written_outcome_is_none(tmp_path):
    file = tmp_path / "outcome0.json"
    begin = time.time()
    RAISED.write(file)
    written = Outcome.read(file)
    assert written._replace(time=20.0) == RAISED and begin <= written.time <= time.time()
    file.write_text(file.read_text()[:20])
    assert Outcome.read(file) is None and Outcome.read(tmp_path / "none") is None


def test_the_traceback_stands_once_at_the_end():
    error = failure({0: End(1, RAISED), 1: End(None, None)})
    assert str(error).endswith("This is the traceback of rank 0:\n\nTraceback ...\nValueError: no")
    assert str(error).count("ValueError: no") == 1 and error.traceback.startswith("Traceback")
    assert isinstance(error, RuntimeError) and not dist.is_initialized()
