"""A run that is killed and goes on ends where it would have ended, and no accident takes a file that was whole."""

import contextlib
import os
import signal

import pytest
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples
from course_utils.distributed import CheckpointError, WorkerFailed, fit_distributed, launch, training_distributed
from course_utils.models import MLP
from course_utils.penalties import l2
from course_utils.train import epochs_trained, seeded


def examples(n=53, seed=0):
    g = torch.Generator().manual_seed(seed)
    X = torch.randn(n, 6, generator=g)
    return Examples(X, (X[:, :3] + torch.randn(n, 3, generator=g)).argmax(1))


DATA = Data(examples(), examples(n=21, seed=1))


def model_and_optimizer(seed=0, dropout=0.2, lr=0.01, hidden=(8,)):
    with seeded(seed):
        model = MLP(6, 3, hidden=hidden, dropout=dropout)
    return model, torch.optim.Adam(model.parameters(), lr=lr)


def run(epochs, path=None, how=None, data=DATA, loss_fn=F.cross_entropy, **settings):
    """The parameters after it, and the numbers of its history. A run that goes on begins from another model."""
    model, optimizer = model_and_optimizer(**(how or {}))
    settings = {"batch_size": 16, **settings}
    history = fit_distributed(model, data, loss_fn, optimizer, epochs=epochs, checkpoint=path, **settings)
    return [parameter.detach().clone() for parameter in model.parameters()], [tuple(epoch) for epoch in history.epochs]


def same(ours, theirs):
    return all(torch.equal(mine, its) for mine, its in zip(ours[0], theirs[0], strict=True)) and ours[1] == theirs[1]


# ---------------------------------------------------------------- killed in mid-epoch, on two processes


STEPS = 0


def deadly(outputs, targets):
    """Cross-entropy, but in the third of its epochs of 4 steps rank 1 is killed, where the file lies that says so."""
    global STEPS
    STEPS += torch.is_grad_enabled()
    if STEPS == 12 and dist.is_initialized() and dist.get_rank() == 1 and os.path.exists(os.environ["DEADLY"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return F.cross_entropy(outputs, targets)


def run_deadly(path, **settings):
    return run(5, path, loss_fn=deadly, **settings)


def go_on(path):
    """What each process finds: gone on from the accident, undisturbed, gone on from the end, and what is refused."""
    return [
        run_deadly(path, resume=True, how={"seed": 9}),
        run_deadly(None),
        run_deadly(path, resume=True, how={"seed": 9}),
        [refusal(path), refusal(path / "no folder")],
    ]


def refusal(path):
    """What a process raises; rank 0 alone touches the file."""
    try:
        run_deadly(path)
    except (CheckpointError, OSError) as raised:
        return type(raised).__name__, str(raised)


@pytest.fixture(scope="module")
def accident(tmp_path_factory):
    """(the launcher's exception, the file after it, what each process finds that goes on from it)"""
    folder = tmp_path_factory.mktemp("accident")
    armed, path = folder / "armed", folder / "run.pt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEADLY", str(armed))
        armed.touch()
        with pytest.raises(WorkerFailed) as caught:
            launch(run_deadly, path, processes=2, time_limit=300, timeout=120)
        armed.unlink()
        left = torch.load(path, weights_only=True)
        (folder / "copy.pt").write_bytes(path.read_bytes())
        found = launch(go_on, path, processes=2, time_limit=300, timeout=120).values
        alone = run_deadly(folder / "copy.pt", resume=True)
    return caught.value, left, found, alone


def test_after_a_kill_it_goes_on_to_the_same_parameters_to_the_last_bit(accident):
    trouble, left, found, _ = accident
    assert "1" in str(trouble)
    assert len(left["epochs"]) == 3                     # the untrained model and two epochs; the third was cut short
    for resumed, undisturbed, again, _ in found:
        assert same(resumed, undisturbed)
        assert same(again, undisturbed)
        assert same(undisturbed, found[0][1])


def test_it_goes_on_with_another_number_of_processes(accident):
    """Not on the last digits, and dropout on one process is another: what counts is that it goes on, and from where."""
    _, _, found, alone = accident
    assert alone[1][:3] == found[0][1][1][:3]
    assert [epoch[0] for epoch in alone[1]] == [0, 1, 2, 3, 4, 5]


def test_what_rank_0_cannot_do_is_said_in_every_process(accident):
    _, _, found, _ = accident
    for *_, ((kind, message), (os_error, _)) in found:
        assert kind == "CheckpointError" and "is there already" in message
        assert os_error in ("NotADirectoryError", "FileExistsError")


# ---------------------------------------------------------------- on one process


def test_in_several_attempts_it_is_one_run(tmp_path):
    expected = run(6)
    for attempt, epochs in enumerate((1, 1, 4, 6)):
        got = run(epochs, tmp_path / "a" / "run.pt", resume=True, how={"seed": attempt})
    assert same(got, expected)
    assert os.listdir(tmp_path / "a") == ["run.pt"]


def test_it_can_be_given_as_text_and_resumed_by_hand(tmp_path):
    path = str(tmp_path / "run.pt")
    expected = run(3)
    model, optimizer = model_and_optimizer()
    for epoch in training_distributed(model, DATA, F.cross_entropy, optimizer, batch_size=16, checkpoint=path):
        if epoch.number == 2:
            break
    model, optimizer = model_and_optimizer(seed=4)
    seen = []
    for epoch in training_distributed(
        model, DATA, F.cross_entropy, optimizer, batch_size=16, checkpoint=path, resume=True, epochs=3
    ):
        seen.append((epoch.number, epochs_trained(model)))
    assert seen == [(0, 2), (1, 2), (2, 2), (3, 3)]     # those in the file first, with the model that comes after them
    assert all(torch.equal(ours, its) for ours, its in zip(model.parameters(), expected[0], strict=True))


def test_a_model_that_had_epochs_before_counts_on(tmp_path):
    path = tmp_path / "run.pt"
    expected = run(5)
    model, optimizer = model_and_optimizer()
    for epochs, checkpoint in ((2, None), (2, path)):
        fit_distributed(model, DATA, F.cross_entropy, optimizer, epochs=epochs, batch_size=16, checkpoint=checkpoint)
    got = run(3, path, resume=True)
    assert [epoch[0] for epoch in got[1]] == [2, 3, 4, 5]
    assert all(torch.equal(ours, its) for ours, its in zip(got[0], expected[0], strict=True))


def refused(path, words, **settings):
    """It says so, and the file and the model are as they were."""
    before = path.read_bytes()
    model, optimizer = model_and_optimizer(**settings.pop("how", {}))
    start = [parameter.detach().clone() for parameter in model.parameters()]
    settings = {"data": DATA, "loss_fn": F.cross_entropy, "batch_size": 16, "resume": True, **settings}
    data, loss_fn = settings.pop("data"), settings.pop("loss_fn")
    with pytest.raises(CheckpointError, match=words):
        fit_distributed(model, data, loss_fn, optimizer, checkpoint=path, **settings)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]
    assert all(torch.equal(ours, its) for ours, its in zip(model.parameters(), start, strict=True))


@pytest.fixture
def path(tmp_path):
    run(1, tmp_path / "run.pt")
    return tmp_path / "run.pt"


def test_a_file_that_is_there_is_not_overwritten(path):
    refused(path, r"is there already. Go on from it with `resume=True`", resume=False)


@pytest.mark.parametrize("settings, words", [
    ({"seed": 1}, "seed=0, and this run has seed=1"),
    ({"batch_size": 8}, "batch_size=16, and this run has batch_size=8"),
    ({"shuffle": False}, "shuffle=True, and this run has shuffle=False"),
    ({"block": 4}, "block=None, and this run has block=4"),
    ({"penalty": l2(0.1)}, r"penalty=None, and this run has penalty=Penalty\(l1=0.0, l2=0.1\)"),
    ({"data": examples(n=52)}, "data=53 examples .* this run has data=52 examples"),
    ({"data": Examples(DATA.train.X, 2 - DATA.train.y)}, "some of whose targets add up to"),
    ({"loss_fn": torch.nn.CrossEntropyLoss()}, r"loss_fn=cross_entropy, and this run has loss_fn=CrossEntropyLoss\(\)"),
    ({"how": {"lr": 0.5}}, "optimizer=Adam.*lr=0.01.* and this run has optimizer=Adam.*lr=0.5"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_run_with_other_settings_is_refused(path, settings, words):
    refused(path, words, **settings)


def test_another_model_is_refused(path):
    refused(path, r"layers.0.weight is \(8, 6\) in the file, and \(9, 6\) here", how={"hidden": (9,)})
    refused(path, r"is no such part in the file, and \(7, 8\) here|is \(3, 8\) in the file, and \(7, 8\) here",
            how={"hidden": (8, 7)})


def test_a_model_with_fewer_layers_is_refused(tmp_path):
    for model in (nn.Sequential(nn.Linear(6, 3), nn.Linear(3, 3)), nn.Sequential(nn.Linear(6, 3))):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        expected = pytest.raises(CheckpointError, match=r"1.weight is \(3, 3\) in the file, and no such part here")
        with expected if len(model) == 1 else contextlib.nullcontext():
            fit_distributed(model, DATA, F.cross_entropy, optimizer, checkpoint=tmp_path / "run.pt", resume=True)


@pytest.mark.parametrize("share", [0, 0.3, 0.99], ids=["empty", "a third", "nearly whole"])
def test_a_file_that_is_cut_off_is_refused(path, share):
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    refused(path, "is damaged or cut off")


def test_a_file_with_one_wrong_bit_is_refused(path):
    whole = path.read_bytes()
    weights = model_bytes(path)
    at = whole.index(weights) + 5
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    refused(path, "is damaged or cut off")


def model_bytes(path):
    return torch.load(path, weights_only=True)["model"]["layers.0.weight"].numpy().tobytes()


def test_a_file_of_something_else_is_refused(path):
    torch.save(torch.zeros(3), path)
    refused(path, "is damaged or cut off|holds something else")
    torch.save({"model": {}, "optimizer": {}, "epochs": [], "settings": {}}, path)
    refused(path, "holds something else than a checkpoint")
    path.write_text("my notes")
    refused(path, "is damaged or cut off, or was written by something else")


def test_a_file_that_carries_code_does_not_run_it(path):
    class Trap:
        def __reduce__(self):
            return os.putenv, ("SPRUNG", "yes")

    torch.save({"model": Trap(), "optimizer": {}, "epochs": [()], "settings": {}}, path)
    refused(path, "is damaged or cut off, or was written by something else")


class Died(BaseException):
    """Nothing of ours runs after it, as after a power cut."""


def test_a_process_that_dies_while_it_writes_leaves_the_epoch_before(tmp_path, monkeypatch):
    path, save, written = tmp_path / "run.pt", torch.save, []

    def save_a_part(state, file):
        written.append(state)
        if len(written) == 3:
            file.write(b"half of it")
            raise Died
        save(state, file)

    monkeypatch.setattr(torch, "save", save_a_part)
    with pytest.raises(Died):
        run(6, path)
    monkeypatch.undo()
    assert len(torch.load(path, weights_only=True)["epochs"]) == 3
    assert same(run(4, path, resume=True), run(4))
    assert os.listdir(tmp_path) == ["run.pt"]           # the half that was left has become the next whole one


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        run(1, tmp_path / "file" / "run.pt")
