"""The stop button at random moments: model, history and kernel stay usable, wherever in the run it is heard."""

import random
import signal
import threading
import time

import pytest
import torch
import torch.nn.functional as F

from course_utils.data import Data, Examples
from course_utils.models import MLP
from course_utils.train import epochs_trained, fit

MOMENTS = 20
EPOCHS = 6
X = torch.randn(600, 8, generator=torch.Generator().manual_seed(0))
Y = (X[:, 0] > 0).long() + (X[:, 1] > 0).long()
DATA = Data(Examples(X[:500], Y[:500]), Examples(X[500:], Y[500:]))


def made():
    torch.manual_seed(0)
    model = MLP(8, 3, hidden=(16,), dropout=0.2).eval()        # so that a train mode left behind shows
    return model, torch.optim.Adam(model.parameters(), lr=0.01)


def trained(model, optimizer, epochs=EPOCHS):
    return fit(model, DATA, F.cross_entropy, optimizer, epochs=epochs, batch_size=16)


@pytest.fixture(scope="module")
def whole():
    """The run that nobody interrupts: what it gave, and the seconds that it takes."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)       # a shell's background jobs ignore it
    trained(*made())                                # the first optimizer of a process loads parts of torch
    start = time.perf_counter()
    history = trained(*made())
    yield history, time.perf_counter() - start
    signal.signal(signal.SIGINT, before)


def interrupted(model, optimizer, after):
    """The history of a run that gets SIGINT after so many seconds; None if it came when the run was over."""
    heard = threading.Event()

    def press():
        heard.set()
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    timer = threading.Timer(after, press)
    timer.start()
    try:
        history = trained(model, optimizer)
        timer.cancel()
        timer.join()
        time.sleep(0.01)                            # a signal on its way arrives here, after the run
    except KeyboardInterrupt:
        return None
    return history if heard.is_set() else None


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="Windows sends no SIGINT to a single thread")
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_an_interrupt_at_a_random_moment_leaves_everything_usable(moment, whole, capsys, ended):
    expected, seconds = whole
    after = seconds * random.Random(moment).uniform(0.0, 0.9)
    history = None
    while history is None:                          # on a machine that is less busy now, sooner
        model, optimizer = made()
        threads, state = torch.get_num_threads(), torch.get_rng_state()
        history, after = interrupted(model, optimizer, after), after * 0.7

    # the kernel: random state, modes, gradients and threads are as before
    assert torch.equal(torch.get_rng_state(), state) and torch.get_num_threads() == threads
    assert not any(module.training for module in model.modules()) and torch.is_grad_enabled()

    # the history: whole epochs, the same as without an interrupt, and a sentence
    assert history.stopped and history.stopped in capsys.readouterr().out
    assert history.stopped.startswith(f"Training stopped after {max(0, len(history) - 1)} of {EPOCHS} epochs.")
    assert history.numbers == list(range(len(history))) and repr(history)
    assert history.epochs == expected.epochs[:len(history)]

    # the model: finite weights, and it trains on, with the next number
    had = epochs_trained(model)
    assert had - max(0, len(history) - 1) in (0, 1)             # at most the epoch that was being measured
    assert all(p.isfinite().all() for p in model.parameters())
    more = trained(model, optimizer, epochs=1)
    assert more.numbers == [had, had + 1] and more.stopped is None

    # and a new run is what it always is
    assert trained(*made(), epochs=1).epochs == expected.epochs[:2]
    ended("recovered")
