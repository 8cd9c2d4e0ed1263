"""Time to the exact optimum: each solver at its loosest tolerance that comes within a relative gap of 1e-8."""

import warnings

import torch
from torch import Tensor

from benchmarks.epochs import mnist
from benchmarks.measuring import Row, row, take_turns
from course_utils import penalties
from course_utils.data import Examples
from course_utils.datasets import load_digits
from course_utils.optimum import fit_to_optimum

GAP = 1e-8
MAX_ITERATIONS = {"saga": 3000, "lbfgs": 20_000, "newton-cg": 1000, "newton-cholesky": 1000}
BARS = {"digits": {"lbfgs": 0.65, "newton-cg": 1.0}, "MNIST 10,000": {"lbfgs": 0.8, "newton-cg": 1.0}}


def objective(weights: Tensor, bias: Tensor, examples: Examples, l2: float) -> float:
    """Mean cross-entropy + l2/2 · Σ weights², with weights (K, m) and the bias free, in float64."""
    logits = examples.X.double() @ weights.double().T + bias.double()
    return (torch.nn.functional.cross_entropy(logits, examples.y) + l2 / 2 * weights.double().square().sum()).item()


def loosest(solve, best: float, tolerances) -> float | None:
    """The loosest of the tolerances, given in falling order, at which `solve(tol)` ends within the gap of `best`."""
    for tol in tolerances:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if solve(tol) <= best * (1 + GAP):
                return tol
    return None


def sklearn_solver(name: str, examples: Examples, l2: float):
    from sklearn.linear_model import LogisticRegression

    X, y = examples.X.double().numpy(), examples.y.numpy()

    def solve(tol: float) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            settings = {"C": 1 / (len(y) * l2), "solver": name, "tol": tol, "max_iter": MAX_ITERATIONS[name]}
            fitted = LogisticRegression(**settings).fit(X, y)
        weights, bias = torch.from_numpy(fitted.coef_), torch.from_numpy(fitted.intercept_)
        return objective(weights, bias, examples, l2)

    return solve


def our_solver(examples: Examples, l2: float):
    examples = Examples(examples.X.double(), examples.y)

    def solve(tol: float) -> float:
        return fit_to_optimum(examples, penalty=penalties.l2(l2), n_classes=10, tol=tol).objective

    return solve


def rows(quick: bool = False) -> list[Row]:
    found = []
    thousands = mnist()
    sets = [
        ("digits", load_digits().train, 1e-3, ("lbfgs", "newton-cg", "newton-cholesky", "saga"), 5),
        ("digits", load_digits().train, 1e-4, ("lbfgs", "newton-cg", "newton-cholesky"), 5),
        ("MNIST 10,000", Examples(thousands.X[:10_000], thousands.y[:10_000]), 1e-3, ("lbfgs", "newton-cg"), 3),
    ]
    for name, examples, l2, solvers, rounds in sets[:1] if quick else sets:
        found += _rows(name, examples, l2, solvers, 2 if quick else rounds)
    return found + _statsmodels_rows()


def _rows(name: str, examples: Examples, l2: float, solvers, rounds: int) -> list[Row]:
    best = our_solver(examples, l2)(1e-11)
    tolerances = [10.0**-k for k in range(2, 13)]
    tasks = {}
    for solver in ("ours", *solvers):
        solve = our_solver(examples, l2) if solver == "ours" else sklearn_solver(solver, examples, l2)
        tol = loosest(solve, best, tolerances)
        if tol is None:
            print(f"{name}: {solver} does not come within {GAP:g} of the optimum at any tolerance.")
        else:
            tasks[solver] = lambda solve=solve, tol=tol: solve(tol)
    seconds = take_turns(tasks, rounds)
    return [
        row(f"{name}, l2 = {l2:g}", seconds, "ours", other, BARS[name].get(other) if l2 == 1e-3 else None)
        for other in tasks
        if other != "ours"
    ]


def _statsmodels_rows() -> list[Row]:
    """One neuron without a penalty, 2,000 examples of 20 features: statsmodels knows no softmax penalty to compare."""
    import statsmodels.api as sm

    g = torch.Generator().manual_seed(0)
    X = torch.randn(2000, 20, generator=g, dtype=torch.float64)
    y = (torch.rand(2000, generator=g, dtype=torch.float64) < torch.sigmoid(X[:, 0] - X[:, 1])).double()
    inputs, targets = sm.add_constant(X.numpy()), y.numpy()
    seconds = take_turns(
        {
            "ours": lambda: fit_to_optimum(Examples(X, y)),
            "statsmodels Logit, newton": lambda: sm.Logit(targets, inputs).fit(method="newton", disp=0, tol=1e-10),
        },
        9,
    )
    return [row("one neuron, l2 = 0", seconds, "ours", "statsmodels Logit, newton")]
