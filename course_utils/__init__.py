"""How a model learns, from one neuron up: the helper package of the course."""

__version__ = "1.0.0"
