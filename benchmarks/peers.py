"""One epoch by each peer, in an environment of its own, against the bare loop in the same process.

    python -m benchmarks.peers lightning --threads 1      # in that environment: prints its rows as JSON

The environment sees the project's packages and adds the peer's, so every peer runs on the same torch.
"""

import argparse
import contextlib
import json
import logging
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
import warnings
from pathlib import Path

from benchmarks.measuring import Row, row, take_turns, use_threads

PEERS = ("lightning", "fabric", "accelerate", "skorch", "keras", "fastai", "cyanure")
PACKAGES = {"fabric": "lightning"}
ROOT = Path(__file__).parents[1]
LR = 0.1


def run(peer: str, threads: int, quick: bool) -> list[Row]:
    """The rows of one peer; none, and a line that says so, where it cannot be installed or does not run."""
    python = environment(PACKAGES.get(peer, peer))
    if python is None:
        print(f"{peer} cannot be installed here; its rows are left out.", flush=True)
        return []
    command = [str(python), "-m", "benchmarks.peers", peer, "--threads", str(threads), *["--quick"] * quick]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"KERAS_BACKEND": "torch"}
    )
    if done.returncode:
        print(f"{peer} does not run here ({done.stderr.strip().splitlines()[-1][:150]}); its rows are left out.")
        return []
    return [Row(*values) for values in json.loads(done.stdout.splitlines()[-1])]


def environment(package: str) -> Path | None:
    """Python of a virtual environment with `package`, made on first use in the temporary directory."""
    home = Path(tempfile.gettempdir()) / "course-benchmarks" / package
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = home / "ready"
    if not ready.exists():
        venv.create(home, with_pip=True, clear=True)
        paths = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})
        Path(paths["purelib"], "project.pth").write_text(sysconfig.get_paths()["purelib"])
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
        if subprocess.run(install, capture_output=True).returncode:
            return None
        ready.touch()
    return python


def rows(peer: str, quick: bool) -> list[Row]:
    """Rows measured in this process, which must be one of the peer's environment."""
    if peer == "cyanure":
        return _cyanure_rows(quick)
    from benchmarks.epochs import _model, bare_epoch, load_digits, mnist

    found = []
    for name, examples, batch_size, rounds in (
        ("digits, batch 32", load_digits().train, 32, 7),
        ("MNIST, batch 64", mnist(), 64, 3),
    ):
        bare = _model(examples)
        theirs = _EPOCHS[peer](examples, batch_size)
        tasks = {"bare loop": lambda e=examples, b=batch_size, m=bare: bare_epoch(*m, e, b), peer: theirs}
        found.append(row(name, take_turns(tasks, 2 if quick else rounds), peer, "bare loop"))
    return found


def _module(examples):
    from torch import nn

    return nn.Linear(examples.X.shape[1], 10)


def _loader(examples, batch_size):
    from torch.utils.data import DataLoader, TensorDataset

    return DataLoader(TensorDataset(*examples), batch_size=batch_size, shuffle=True)


def _lightning(examples, batch_size):
    import lightning as L
    import torch
    import torch.nn.functional as F

    class Softmax(L.LightningModule):
        def __init__(self):
            super().__init__()
            self.linear = _module(examples)

        def training_step(self, batch, index):
            return F.cross_entropy(self.linear(batch[0]), batch[1])

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=LR)

    quiet = dict(logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)

    def epoch():
        L.Trainer(max_epochs=1, accelerator="cpu", **quiet).fit(Softmax(), _loader(examples, batch_size))

    return epoch


def _fabric(examples, batch_size):
    import torch
    import torch.nn.functional as F
    from lightning.fabric import Fabric

    fabric = Fabric(accelerator="cpu", devices=1)
    model = _module(examples)
    model, optimizer = fabric.setup(model, torch.optim.SGD(model.parameters(), lr=LR))
    loader = fabric.setup_dataloaders(_loader(examples, batch_size))

    def epoch():
        for X, y in loader:
            optimizer.zero_grad()
            fabric.backward(F.cross_entropy(model(X), y))
            optimizer.step()

    return epoch


def _accelerate(examples, batch_size):
    import torch
    import torch.nn.functional as F
    from accelerate import Accelerator

    accelerator, model = Accelerator(cpu=True), _module(examples)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    model, optimizer, loader = accelerator.prepare(model, optimizer, _loader(examples, batch_size))

    def epoch():
        for X, y in loader:
            optimizer.zero_grad()
            accelerator.backward(F.cross_entropy(model(X), y))
            optimizer.step()

    return epoch


def _skorch(examples, batch_size):
    import torch
    from skorch import NeuralNetClassifier

    X, y = (part.numpy() for part in examples)
    net = NeuralNetClassifier(
        _module(examples),
        criterion=torch.nn.CrossEntropyLoss,
        lr=LR,
        max_epochs=1,
        batch_size=batch_size,
        train_split=None,
        iterator_train__shuffle=True,
        verbose=0,
        warm_start=True,
    )
    return lambda: net.fit(X, y)


def _keras(examples, batch_size):
    import keras

    X, y = (part.numpy() for part in examples)
    model = keras.Sequential([keras.layers.Input((X.shape[1],)), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(LR), loss=loss)
    return lambda: model.fit(X, y, batch_size=batch_size, epochs=1, verbose=0)


def _fastai(examples, batch_size):
    import fastai.callback.progress  # noqa: F401  (gives the Learner `no_bar`)
    import torch
    from fastai.basics import SGD, DataLoaders, Learner
    from fastai.data.load import DataLoader
    from torch.utils.data import TensorDataset

    loader = DataLoader(TensorDataset(*examples), bs=batch_size, shuffle=True, num_workers=0)
    learner = Learner(
        DataLoaders(loader, loader),
        _module(examples),
        loss_func=torch.nn.CrossEntropyLoss(),
        opt_func=SGD,
        lr=LR,
    )
    learner.validate = lambda *args, **kwargs: None
    learner._do_epoch_validate = lambda *args, **kwargs: None  # its epoch always validates; here only training counts

    def epoch():
        with learner.no_bar(), learner.no_logging():
            learner.fit(1)

    return epoch


def _cyanure_rows(quick: bool) -> list[Row]:
    import cyanure.estimators
    import torch

    from benchmarks.optima import loosest, objective, our_solver
    from course_utils.datasets import load_digits

    examples, l2 = load_digits().train, 1e-3
    X, y = examples.X.double().numpy(), examples.y.numpy()

    def solve(tol: float) -> float:
        model = cyanure.estimators.Classifier(
            loss="multiclass-logistic",
            penalty="l2",
            lambda_1=l2,
            fit_intercept=True,
            tol=tol,
            max_iter=5000,
            verbose=False,
        )
        model.fit(X, y)
        weights, bias = torch.from_numpy(model.coef_), torch.from_numpy(model.intercept_)
        return objective(weights if len(weights) == 10 else weights.T, bias.flatten(), examples, l2)

    ours = our_solver(examples, l2)
    best, tolerances = ours(1e-11), [10.0**-k for k in range(2, 13)]
    their_tol, our_tol = loosest(solve, best, tolerances), loosest(ours, best, tolerances)
    if their_tol is None:
        return []
    seconds = take_turns({"ours": lambda: ours(our_tol), "cyanure": lambda: solve(their_tol)}, 2 if quick else 7)
    return [row("digits, l2 = 0.001", seconds, "ours", "cyanure")]


_EPOCHS = {
    "lightning": _lightning,
    "fabric": _fabric,
    "accelerate": _accelerate,
    "skorch": _skorch,
    "keras": _keras,
    "fastai": _fastai,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    use_threads(options.threads)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    with contextlib.redirect_stdout(sys.stderr):
        measured = rows(options.peer, options.quick)
    print(json.dumps(measured))
