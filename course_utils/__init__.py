"""How a model learns, from one neuron up: the helper package of the course."""

__version__ = "0.1.0"
