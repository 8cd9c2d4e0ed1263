"""Two hosts: two network namespaces of this machine, joined by a cable, with two processes each; and one cut off.

Nothing is shared between namespaces but files: each has a loopback of its own, and no name of any host is known.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest
import torch

from course_utils.distributed.__main__ import main
from course_utils.train import fit

IP = shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin")
HERE = os.getpid()
HOSTS = {f"course-{HERE}-a": "10.77.0.1", f"course-{HERE}-b": "10.77.0.2"}


def ip(*words):
    return subprocess.run([IP, *words], capture_output=True, text=True)


def why_not():
    """Why this system makes no namespaces; "" where it does."""
    if IP is None:
        return "there is no `ip` here (Debian's package iproute2)"
    if ip("netns", "add", f"course-{HERE}-try").returncode:
        return "`ip netns add` is not permitted here"
    ip("netns", "del", f"course-{HERE}-try")
    return ""


REASON = why_not()
pytestmark = pytest.mark.skipif(REASON != "", reason=REASON)


@pytest.fixture(scope="module")
def hosts():
    """The names of two namespaces, each with a loopback and one end of a cable, called `cable`."""
    try:
        for command in [
            *(f"netns add {host}" for host in HOSTS),
            "link add {} type veth peer name {}".format(*(f"cable{HERE}{end}" for end in "ab")),
        ]:
            assert not (done := ip(*command.split())).returncode, done.stderr
        for (host, address), end in zip(HOSTS.items(), "ab", strict=True):
            for command in [
                f"link set cable{HERE}{end} netns {host} name cable", f"-n {host} addr add {address}/24 dev cable",
                f"-n {host} link set cable up", f"-n {host} link set lo up",
            ]:
                assert not (done := ip(*command.split())).returncode, done.stderr
        yield list(HOSTS)
    finally:
        for host in HOSTS:
            ip("netns", "del", host)                    # the cable goes with them


COMMAND = ["--data", "iris", "--epochs", "2"]
SCRIPT = f"""
COMMAND = {COMMAND}
import sys
import torch, torch.distributed as dist
import torch.nn.functional as F
from course_utils.data import Data, Examples
from course_utils.distributed import fit_distributed, process_group
from course_utils.distributed.__main__ import main
from course_utils.models import MultinomialLogisticRegression

def run(fit):
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(101, 5, generator=generator, dtype=torch.float64)
    y = torch.randint(3, (101,), generator=generator)
    torch.manual_seed(0)
    model = MultinomialLogisticRegression(5, 3).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    fit(model, Data(Examples(X, y)), F.cross_entropy, optimizer, epochs=3, batch_size=16)
    return [parameter.detach() for parameter in model.parameters()]

if __name__ == "__main__":
    target = sys.argv[1]
    with process_group(timeout=60):
        total = torch.tensor([10.0 ** dist.get_rank()])
        dist.all_reduce(total)
        parameters = run(fit_distributed)
        if dist.get_rank() == 3:
            torch.save((dist.get_world_size(), total, parameters), target)
    main(COMMAND)                           # the command for the shell makes a group of its own
"""


def in_host(host, command, **variables):
    """Start `command` in that namespace."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}
    return subprocess.Popen([IP, "netns", "exec", host, *command], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_two_hosts_of_two_processes_are_one_group_and_equal_one_process(hosts, tmp_path, capsys):
    script, target = tmp_path / "script.py", tmp_path / "result.pt"
    script.write_text(SCRIPT)
    first = HOSTS[hosts[0]]
    programs = [
        in_host(host, [
            sys.executable, "-m", "torch.distributed.run", "--nnodes=2", "--nproc-per-node=2", "--rdzv-backend=c10d",
            f"--rdzv-endpoint={first}:29511", f"--rdzv-conf=is_host={int(HOSTS[host] == first)}", "--rdzv-id=test",
            f"--local-addr={HOSTS[host]}", str(script), str(target),
        ], GLOO_SOCKET_IFNAME="cable")
        for host in hosts
    ]
    try:
        said = [program.communicate(timeout=400)[0] for program in programs]
    finally:
        for program in programs:
            program.kill()
    assert [program.returncode for program in programs] == [0, 0], said
    processes, total, parameters = torch.load(target)
    assert processes == 4 and total.item() == 1111.0

    names: dict = {"__name__": "script"}
    exec(SCRIPT, names)
    for got, expected in zip(parameters, names["run"](fit), strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)

    main(COMMAND)                                                           # here, alone
    alone, together = capsys.readouterr().out, said[0][said[0].index("epoch 0"):]
    assert "processes: 1," in alone and "processes: 4," in together and "epoch" not in said[1]
    for one, four in zip(alone.splitlines(), together.splitlines(), strict=True):
        assert [pytest.approx(float(number), abs=2e-6) for number in re.findall(r"\d+\.\d+", one)] == [
            float(number) for number in re.findall(r"\d+\.\d+", four)]


def test_launch_needs_no_network_but_the_loopback(hosts):
    code = ("from launched_work import first_and_last\nfrom course_utils.distributed import launch\n"
            "print(launch(first_and_last, 10).values)")
    alone = hosts[0]
    ip("-n", alone, "link", "set", "cable", "down")
    try:
        program = in_host(alone, [sys.executable, "-c", code], HOSTNAME="nowhere.invalid")
        said = program.communicate(timeout=400)[0]
        assert said.splitlines()[-1:] == ["[30.0, 30.0]"], said
    finally:
        ip("-n", alone, "link", "set", "cable", "up")
