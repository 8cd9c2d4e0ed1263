"""The few colours in which the pictures of an explorer are kept: the commonest as they are, others by their nearest.

Pillow finds a nearest colour by the first six bits of each part. White then becomes a pale grey where there is one, and
a large area of it shows; so the nearest are found here.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

EXACT = 1 / 3           # of the colours, the commonest, are kept as they are: a large pale area shows another tint
COMMONEST = 0           # the number of the colour that most pixels have: the ground, white
_UNKNOWN = 255          # no number of a colour


class Palette:
    """`colours`, (`most` or fewer, 3), chosen from some pictures; and the number of the nearest for any colour."""

    def __init__(self, pictures: "Sequence[Image]", most: int) -> None:
        from PIL import Image

        exact = round(EXACT * most)
        packed = np.concatenate([_packed(picture).ravel() for picture in pictures])
        seen, counts = np.unique(packed, return_counts=True)
        common = seen[np.argsort(-counts, kind="stable")[:exact]]
        rest = _parts(packed[~np.isin(packed, common)])
        self.colours = _parts(common)
        if len(rest):
            few = Image.fromarray(rest[None]).quantize(most - exact, method=Image.Quantize.MAXCOVERAGE)
            others = np.array(few.getpalette(), dtype=np.uint8).reshape(-1, 3)[:most - exact]
            self.colours = np.concatenate([self.colours, others])
        self._nearest = np.full(1 << 24, _UNKNOWN, dtype=np.uint8)      # for each colour that there is

    def numbers(self, picture: "Image") -> np.ndarray:
        """(height, width): the number of each pixel's colour."""
        packed = _packed(picture)
        new = np.unique(packed[self._nearest[packed] == _UNKNOWN])
        away = _parts(new)[:, None].astype(int) - self.colours[None]
        self._nearest[new] = (away**2).sum(axis=2).argmin(axis=1)
        return self._nearest[packed]


def _packed(picture: "Image") -> np.ndarray:
    """(height, width): each colour as one number, red in the lowest eight bits."""
    return np.asarray(picture.convert("RGBA")).view("<u4")[..., 0] & 0xFFFFFF


def _parts(packed: np.ndarray) -> np.ndarray:
    """(number, 3): red, green and blue."""
    return np.stack([packed & 255, packed >> 8 & 255, packed >> 16 & 255], axis=-1).astype(np.uint8)
