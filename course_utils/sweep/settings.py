"""What a sweep is given: which values span an axis, and what is said of one that nobody can train with."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from course_utils.arguments import number, seed_number, whole_number, yes_or_no
from course_utils.penalties import Penalty


def is_axis(value: object) -> bool:
    """Whether `value` holds the values of an axis: a list, a range, a dict or a 1-d tensor. A tuple is one value."""
    return isinstance(value, list | range | dict) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1)


def values_of(value: Any) -> list:
    """The values along an axis; of a dict their names. Raises ValueError where there is none."""
    if not is_axis(value):
        return [value]
    values = value.tolist() if hasattr(value, "tolist") else list(value)
    if not values:
        raise ValueError("An empty list leaves nothing to train. Give at least one value for each setting.")
    return values


def _choices(value: Any) -> list:
    return list(value.values()) if isinstance(value, dict) else values_of(value)


def check_sweep(
    make_model: Any, lr: Any, batch_size: Any, optimizer: Any, penalty: Any, metrics: Any, shuffle: Any
) -> None:
    """Raise TypeError or ValueError, with what to write, for an argument that no run could be made of."""
    for make in _choices(make_model):
        _check_maker(make)
    for name, value in (("lr", lr), ("batch_size", batch_size)):
        if isinstance(value, tuple):
            raise TypeError(f"{name} is {value}. A tuple is one value; a list spans an axis: `{name}={list(value)}`.")
        if isinstance(value, dict):
            raise TypeError(f"{name} is a dict. Numbers need no names; a list spans an axis: `{name}=[...]`.")
    for rate in _choices(lr):
        number("lr", rate, "It is the factor of each step.")
    for size in _choices(batch_size):
        whole_number("batch_size", size, "examples", least=1)
    for each in _choices(optimizer):
        _check_optimizer(each)
    for each in _choices(penalty):
        if each is not None and not callable(each):
            raise TypeError(
                f"The penalty is {each!r}. Give a function that makes one, and its strength beside: `penalty=l2, "
                "strength=[0, 0.1]`, with `from course_utils.penalties import l2`."
            )
    if metrics is not None and not (isinstance(metrics, dict) and all(map(callable, metrics.values()))):
        raise TypeError("metrics maps a name to a function of the trained model: `metrics={'name': function}`.")
    yes_or_no("shuffle", shuffle, "It says whether each epoch draws a new order.")


def _check_maker(make: object) -> None:
    if isinstance(make, nn.Module):
        raise TypeError(
            f"The first argument is one {type(make).__name__}. Each run needs a new one, so give what makes it: "
            f"`lambda: {type(make).__name__}(...)`."
        )
    if not callable(make):
        raise TypeError(f"The first argument is a {type(make).__name__}. Give a function that makes a model.")


def _check_optimizer(optimizer: object) -> None:
    if isinstance(optimizer, torch.optim.Optimizer):
        name = type(optimizer).__name__
        raise TypeError(
            f"The optimizer is one {name}, which steers one model. Each run needs its own, so give the class, and its "
            f"settings beside: `optimizer=torch.optim.{name}, lr=...`."
        )
    if not callable(optimizer):
        known = {name.lower(): name for name in dir(torch.optim) if name[0].isupper()}
        name = known.get(str(optimizer).lower(), "SGD")
        raise TypeError(f"The optimizer is {optimizer!r}. Give the class itself: `optimizer=torch.optim.{name}`.")


def checked_seeds(seeds: Iterable[int]) -> list[int]:
    """The seeds as a list of ints. Raises TypeError or ValueError unless there is one, and each only once."""
    if isinstance(seeds, int):
        raise TypeError(f"seeds is {seeds}. Say which seeds: `seeds=range({seeds})` for {seeds} of them.")
    if isinstance(seeds, str) or not isinstance(seeds, Iterable):
        raise TypeError(f"seeds is {seeds!r}. Say which seeds: `seeds=range(10)` for ten of them.")
    seeds = [seed_number(seed, "one of the seeds") for seed in seeds]
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds is {seeds}. Give at least one seed, and each only once.")
    return seeds


def checked_epochs(epochs: Any) -> list[int]:
    """The numbers of epochs asked for, each once, in order. Raises TypeError or ValueError for what is no number."""
    return sorted({whole_number("epochs", number, "passes over the data") for number in values_of(epochs)})


def taken_by(function: object, settings: dict) -> dict:
    """Those settings that `function` has a parameter for."""
    names = {parameter.name for parameter in _parameters(function)}
    return {name: value for name, value in settings.items() if name in names}


def _parameters(function: object) -> list[inspect.Parameter]:
    if not callable(function):
        return []
    try:
        return list(inspect.signature(function).parameters.values())
    except ValueError:  # some functions written in C do not tell
        return []


def _missing(function: Callable, settings: dict) -> list[str]:
    """The parameters without a default that `settings` does not give."""
    collects = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [p.name for p in _parameters(function) if p.default is p.empty and p.kind not in collects]
    return [name for name in needed if name not in settings]


def model_from(make: Callable[..., nn.Module], settings: dict) -> nn.Module:
    """The model that `make` makes of these settings. Raises TypeError if one is missing, or for what is no model."""
    if missing := _missing(make, settings):
        name = make.__name__ if isinstance(make, type) else "The function that makes the model"
        instead = f", or write `lambda: {name}(...)`" if isinstance(make, type) else ""
        raise TypeError(f"{name} needs `{missing[0]}`. Give it beside, `{missing[0]}=...`{instead}.")
    model = make(**settings)
    if not isinstance(model, nn.Module):
        raise TypeError(
            f"The function that makes the model gives a {type(model).__name__}; a torch.nn.Module is needed. Does it "
            "end with `return`?"
        )
    return model


def penalty_from(maker: Callable, settings: dict) -> Callable:
    """The penalty that `maker` makes from these settings. Raises TypeError, with what to write, if one is missing."""
    if missing := _missing(maker, settings):
        name, setting = getattr(maker, "__name__", "maker"), missing[0]
        raise TypeError(
            f"The penalty {name} needs `{setting}`. Give it beside: `penalty={name}, {setting}=...`. "
            f"A penalty that is itself a function of the model is given as `penalty=lambda: {name}`."
        )
    penalty = maker(**settings)
    if penalty is not None and not isinstance(penalty, Penalty) and not callable(penalty):
        raise TypeError(
            f"The function that makes the penalty gives a {type(penalty).__name__}; a function of the model is needed."
        )
    return penalty


def data_from(function: Callable, seed: int, settings: dict) -> Any:
    """What function(seed, ...) gives. Raises TypeError for a function that takes no seed."""
    names = [parameter.name for parameter in _parameters(function)]
    if not names:
        raise TypeError("The data are a function that takes no seed. Give it one, `lambda seed: ...`; or call it.")
    return function(seed=seed, **settings) if "seed" in names else function(seed, **settings)
