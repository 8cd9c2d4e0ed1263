"""Many pictures of one figure in few bytes: what they have in common once, and of each what differs.

The pictures of an explorer share their ground: axes, ticks, names. Per ground there is one whole image, in which each
pixel has its most usual colour; a setting adds a transparent image of the pixels that differ from it. Where some
pictures have more in common, such as the curves on which a control moves a mark, that is a layer between the two. Laid
upon one another they are the picture, to the pixel. All are lossless WebP with the colours of one palette.
"""

import hashlib
import io
import zlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.site.living_palette import COMMONEST, Palette

if TYPE_CHECKING:
    from PIL.Image import Image

LOOKED_AT = 15          # pictures of one ground from which the usual colours are found
EFFORT = 3              # of WebP, out of 6: more takes longer, and saves no bytes here


class Plan(NamedTuple):
    """A picture, and what it has in common with others."""

    png: bytes
    ground: str
    shared: Hashable        # None for nothing but the ground


class Film:
    """Collects pictures of one size, then writes them to a folder, in `colours` colours."""

    def __init__(self, colours: int) -> None:
        self._pictures: list[Plan] = []
        self._colours = colours

    def add(self, png: bytes, ground: str, shared: Hashable = None) -> int:
        """Keep a picture; returns its number. Pictures with the same `ground` share what they have in common.

        Those that are the same in `shared` too share more of it.
        """
        self._pictures.append(Plan(png, ground, shared))
        return len(self._pictures) - 1

    def write(self, folder: Path) -> list[tuple[str, ...]]:
        """The files of each picture, by number, the lowest layer first: ground, what is shared if any, change.

        Files are named after their content, so equal ones are one.
        """
        palette = Palette([self._image(number) for number in _spread(range(len(self._pictures)), 8)], self._colours)
        colours = palette.colours
        files: dict[int, tuple[str, ...]] = {}
        for numbers in self._alike(lambda plan: plan.ground).values():
            packed = {number: self._packed(number, palette) for number in numbers}

            def usual_of(some: Sequence[int], below: np.ndarray | int, packed: dict = packed) -> np.ndarray:
                return _usual([_unpacked(packed[number]) for number in _spread(some, LOOKED_AT)], below)

            usual = usual_of(numbers, COMMONEST)
            below: tuple[str, ...] = (_store(folder, _webp(colours[usual])),)
            for shared, some in self._alike(lambda plan: plan.shared, numbers).items():
                seen, under = usual, below
                if shared is not None:
                    seen = usual_of(some, usual)
                    under = (*below, _store(folder, _webp(_upon(usual, seen, colours))))
                for number in some:
                    change = _upon(seen, _unpacked(packed[number]), colours)
                    files[number] = (*under, _store(folder, _webp(change)))
        return [files[number] for number in range(len(self._pictures))]

    def _alike(self, key: Callable[[Plan], Hashable], among: Iterable[int] | None = None) -> dict[Hashable, list[int]]:
        """The numbers of the pictures, those with the same key together."""
        found: dict[Hashable, list[int]] = defaultdict(list)
        for number in range(len(self._pictures)) if among is None else among:
            found[key(self._pictures[number])].append(number)
        return found

    def _image(self, number: int) -> "Image":
        from PIL import Image

        return Image.open(io.BytesIO(self._pictures[number].png))

    def _packed(self, number: int, palette: Palette) -> tuple[bytes, tuple[int, int]]:
        """The picture as numbers of colours; hundreds of them unpacked would fill the memory."""
        picture = palette.numbers(self._image(number))
        return zlib.compress(picture.tobytes(), 1), (picture.shape[0], picture.shape[1])


def _unpacked(packed: tuple[bytes, tuple[int, int]]) -> np.ndarray:
    return np.frombuffer(zlib.decompress(packed[0]), dtype=np.uint8).reshape(packed[1])


def _spread(numbers: Sequence[int], most: int) -> list[int]:
    """At most `most` of the numbers, evenly from first to last."""
    return [numbers[at] for at in sorted({round(at) for at in np.linspace(0, len(numbers) - 1, most)})]


def _usual(pictures: list[np.ndarray], below: np.ndarray | int) -> np.ndarray:
    """(height, width): the colour that more than half of them have, or else what lies `below`.

    Where words come and go there is none, and a mixture of them would have to be painted over each time.
    """
    stack = np.stack(pictures)
    middle = np.sort(stack, axis=0)[len(pictures) // 2]
    return np.where((stack == middle).mean(axis=0) > 0.5, middle, below).astype(np.uint8)


def _upon(below: np.ndarray, picture: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """(height, width, 4): what has to lie upon `below` for `picture` to be seen; transparent elsewhere."""
    seen = np.where(_nearby(picture != below), 255, 0).astype(np.uint8)
    return np.dstack([np.where(seen[..., None], colours[picture], 0), seen])


def _nearby(differs: np.ndarray) -> np.ndarray:
    """`differs` and the pixels around it: a browser that scales the layers mixes neighbours, in each by itself."""
    wide = differs.copy()
    wide[1:] |= differs[:-1]
    wide[:-1] |= differs[1:]
    tall = wide.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide


def _webp(pixels: np.ndarray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, method=EFFORT)
    return buffer.getvalue()


def _store(folder: Path, content: bytes) -> str:
    name = f"{hashlib.sha256(content).hexdigest()[:10]}.webp"
    if not (folder / name).exists():
        (folder / name).write_bytes(content)
    return name
