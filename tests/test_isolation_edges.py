"""What an answer may not do, and how much it may take: each limit holds inside and is lifted after."""

import builtins
import contextlib
import resource
import sys
import types
from pathlib import Path

import pytest
import torch

from course_utils.checker.isolation import (
    DEEPEST_CALLS,
    REFUSED,
    SPACE,
    Refusal,
    memory_limit,
    nothing_ends_the_kernel,
)

ON_LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists() or torch.cuda.is_available(),
                              reason="addresses are limited on Linux without a GPU only")


def limit():
    return resource.getrlimit(resource.RLIMIT_AS)


@contextlib.contextmanager
def usually(addresses):
    before = limit()
    resource.setrlimit(resource.RLIMIT_AS, (addresses, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def in_use():
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


@ON_LINUX
@pytest.mark.parametrize(("usual", "least", "most"), [
    (resource.RLIM_INFINITY, SPACE, SPACE), (20 * SPACE, SPACE, SPACE), (SPACE // 2, SPACE // 2, SPACE // 2)])
def test_a_check_has_some_gigabytes_on_top_of_what_is_in_use_and_never_more_than_usual(usual, least, most):
    used, slack = in_use(), 2**28
    usual = usual if usual == resource.RLIM_INFINITY else used + usual
    with usually(usual):
        with pytest.raises(ZeroDivisionError), memory_limit():
            assert used + least - slack < limit()[0] < used + most + slack
            raise ZeroDivisionError
        assert limit()[0] == usual


@ON_LINUX
def test_a_gpu_needs_addresses_without_a_limit(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    before = limit()
    with memory_limit():
        assert limit() == before


def test_what_ends_the_kernel_is_refused_by_its_name_and_there_again_after():
    usual = {(owner, name): getattr(owner, name) for owner, names in REFUSED for name in names if hasattr(owner, name)}
    with nothing_ends_the_kernel():
        for owner, name in usual:
            with pytest.raises(Refusal, match=rf"^{name}\(\) is switched off during a check$"):
                getattr(owner, name)(1, signal=2)
    assert all(getattr(owner, name) is function for (owner, name), function in usual.items())


def test_recursion_may_be_deeper_than_usual_up_to_what_the_stack_holds():
    before = sys.getrecursionlimit()
    try:
        with nothing_ends_the_kernel():
            for asked, given in ((3_000, 3_000), (DEEPEST_CALLS + 5, DEEPEST_CALLS)):
                sys.setrecursionlimit(asked)
                assert sys.getrecursionlimit() == given
    finally:
        sys.setrecursionlimit(before)


def test_the_notebooks_own_exit_is_refused_under_the_name_that_was_typed(monkeypatch):
    shell = types.SimpleNamespace(ask_exit=lambda: None)
    usual = shell.ask_exit
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell, raising=False)
    with nothing_ends_the_kernel(), pytest.raises(Refusal, match=r"^exit\(\) is"):
        shell.ask_exit()
    assert shell.ask_exit is usual
