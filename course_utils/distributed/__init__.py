"""The same training on several processes or devices, on torch.distributed."""

__all__ = []
