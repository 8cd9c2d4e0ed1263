"""Many pictures of one figure in few bytes: what they have in common once, and of each what differs.

The pictures of an explorer share their ground: axes, ticks, names. Per ground there is one whole image, in which each
pixel has its most usual colour; a setting adds a transparent image of the pixels that differ from it. Laid upon one
another they are the picture, to the pixel. Both are lossless WebP with the colours of one palette.
"""

import hashlib
import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

COLOURS = 48            # lines and text on white need few; most of them are shades between a line and its ground
LOOKED_AT = 15          # pictures of one ground from which the usual colours are found
EFFORT = 4              # of WebP, out of 6: the last two take forty times as long for 2 per cent of the bytes


class Layers(NamedTuple):
    """The names of the two files that make a picture."""

    ground: str
    change: str


class Film:
    """Collects pictures of one size, then writes them to a folder."""

    def __init__(self) -> None:
        self._pictures: list[tuple[str, bytes]] = []        # the ground it stands on, and the PNG

    def add(self, png: bytes, ground: str) -> int:
        """Keep a picture; returns its number. Pictures with the same `ground` share what they have in common."""
        self._pictures.append((ground, png))
        return len(self._pictures) - 1

    def write(self, folder: Path) -> list[Layers]:
        """The files of each picture, by number. Files are named after their content, so equal ones are one."""
        palette = self._palette()
        colours = np.array(palette.getpalette(), dtype=np.uint8)[:3 * COLOURS].reshape(-1, 3)
        layers: list[Layers] = [Layers("", "")] * len(self._pictures)
        for ground in dict.fromkeys(ground for ground, _ in self._pictures):
            numbers = [number for number, (name, _) in enumerate(self._pictures) if name == ground]
            packed = {number: self._packed(number, palette) for number in numbers}
            usual = _usual([_unpacked(packed[number]) for number in _spread(numbers, LOOKED_AT)])
            below = _store(folder, _webp(colours[usual]))
            for number in numbers:
                picture = _unpacked(packed[number])
                seen = np.where(_nearby(picture != usual), 255, 0).astype(np.uint8)
                pixels = np.dstack([np.where(seen[..., None], colours[picture], 0), seen])
                layers[number] = Layers(below, _store(folder, _webp(pixels)))
        return layers

    def _image(self, number: int) -> "Image":
        from PIL import Image

        return Image.open(io.BytesIO(self._pictures[number][1]))

    def _palette(self) -> "Image":
        """The colours of a few pictures that lie far apart."""
        from PIL import Image

        chosen = [self._image(number) for number in _spread(range(len(self._pictures)), 8)]
        width, height = chosen[0].size
        sheet = Image.new("RGB", (width, height * len(chosen)))
        for row, picture in enumerate(chosen):
            sheet.paste(picture, (0, row * height))
        return sheet.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)

    def _packed(self, number: int, palette: "Image") -> tuple[bytes, tuple[int, int]]:
        """The picture as numbers of colours; hundreds of them unpacked would fill the memory."""
        from PIL import Image

        picture = np.asarray(self._image(number).convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE))
        return zlib.compress(picture.tobytes(), 1), (picture.shape[0], picture.shape[1])


def _unpacked(packed: tuple[bytes, tuple[int, int]]) -> np.ndarray:
    return np.frombuffer(zlib.decompress(packed[0]), dtype=np.uint8).reshape(packed[1])


def _spread(numbers: Sequence[int], most: int) -> list[int]:
    """At most `most` of the numbers, evenly from first to last."""
    return [numbers[at] for at in sorted({round(at) for at in np.linspace(0, len(numbers) - 1, most)})]


def _usual(pictures: list[np.ndarray]) -> np.ndarray:
    """(height, width): the middle one of the sorted colours, which is the colour that most of them have, if most do."""
    return np.sort(np.stack(pictures), axis=0)[len(pictures) // 2]


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
