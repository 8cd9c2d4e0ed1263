"""What three colour-vision deficiencies make of a colour, and how far apart two colours then are.

The deficiencies are those of Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
vision deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (6), 2009, severity 1.0: matrices that
act on linear RGB. The distance is CIEDE2000, as Sharma, Wu and Dalal write it in "The CIEDE2000 color-difference
formula: implementation notes, supplementary test data, and mathematical observations", Color Research and Application
30 (1), 2005. A distance of 1 is about what is just seen side by side; thin lines far apart need many times that.
"""

import itertools
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np
from matplotlib.colors import to_rgb

FAR_ENOUGH = 12.0
SEEN_BY = {
    "normal vision": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868],
                            [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968],
                              [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779],
                            [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}
_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                    [0.0193339, 0.1191920, 0.9503041]])             # sRGB, D65: IEC 61966-2-1


def simulated(rgb, vision: str) -> np.ndarray:
    """Colours (…, 3) of sRGB from 0 to 1 as they look with this vision."""
    linear = _linear(np.asarray(rgb, float)) @ SEEN_BY[vision].T
    return _encoded(linear.clip(0, 1))


def lab(rgb) -> np.ndarray:
    """CIELAB of colours (…, 3) of sRGB, white D65."""
    xyz = _linear(np.asarray(rgb, float)) @ _TO_XYZ.T / _TO_XYZ.sum(axis=1)
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * root[..., 1] - 16, 500 * (root[..., 0] - root[..., 1]),
                     200 * (root[..., 1] - root[..., 2])], axis=-1)


def _linear(rgb: np.ndarray) -> np.ndarray:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _encoded(linear: np.ndarray) -> np.ndarray:
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def ciede2000(one, other) -> float:
    """The distance of two colours in CIELAB."""
    (L1, a1, b1), (L2, a2, b2) = one, other
    C7 = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    G = 0.5 * (1 - sqrt(C7 / (C7 + 25**7)))
    a1, a2 = (1 + G) * a1, (1 + G) * a2
    C1, C2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = (degrees(atan2(b, a)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    dL, dC, dh = L2 - L1, C2 - C1, h2 - h1
    if C1 * C2 == 0:
        dh, h = 0.0, h1 + h2
    else:
        dh = dh - 360 if dh > 180 else dh + 360 if dh < -180 else dh
        h = (h1 + h2) / 2 if abs(h1 - h2) <= 180 else (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    dH = 2 * sqrt(C1 * C2) * sin(radians(dh / 2))
    L, C = (L1 + L2) / 2, (C1 + C2) / 2
    T = (1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h)) + 0.32 * cos(radians(3 * h + 6))
         - 0.20 * cos(radians(4 * h - 63)))
    S_L = 1 + 0.015 * (L - 50) ** 2 / sqrt(20 + (L - 50) ** 2)
    S_C, S_H = 1 + 0.045 * C, 1 + 0.015 * C * T
    R_T = -sin(radians(60 * exp(-(((h - 275) / 25) ** 2)))) * 2 * sqrt(C**7 / (C**7 + 25**7))
    return sqrt((dL / S_L) ** 2 + (dC / S_C) ** 2 + (dH / S_H) ** 2 + R_T * dC / S_C * dH / S_H)


def distance(one, other, vision: str = "normal vision") -> float:
    """How far two colours (whatever matplotlib takes for one) are apart for somebody with this vision."""
    return ciede2000(*(lab(simulated(to_rgb(colour), vision)) for colour in (one, other)))


def too_close(colours, enough: float = FAR_ENOUGH) -> list[str]:
    """Each pair of `colours` that somebody may take for one, with whom and how far it is."""
    return [f"{one} and {other}, {vision}: {far:.1f}" for one, other in itertools.combinations(colours, 2)
            for vision in SEEN_BY if (far := distance(one, other, vision)) < enough]
