"""A Python that finds this file first (PYTHONPATH) stands in an odd place, and takes its environment seriously.

The locale is set whole, decimal comma and all, as a program does that was written for its country; Python by itself
takes nothing but the encoding from it. Where root runs the tests, the right to write what is read-only is given up.
And the network is cut off, as in tests/no_network.
"""

import ctypes
import locale
import os
import runpy
from pathlib import Path

MAY_WRITE_ANYWAY = 1                    # CAP_DAC_OVERRIDE of Linux: root's right to write where no right is given
PR_CAPBSET_DROP = 24
THIRD_VERSION = 0x20080522              # of the structures that capget and capset speak


def give_up_writing_anyway():
    """Give up CAP_DAC_OVERRIDE, for this process and all that it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(THIRD_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()                                      # effective, permitted, inheritable; twice
    libc.prctl(PR_CAPBSET_DROP, MAY_WRITE_ANYWAY, 0, 0, 0)
    if libc.capget(header, sets) == 0:
        for place in range(3):
            sets[place] &= ~(1 << MAY_WRITE_ANYWAY)
        libc.capset(header, sets)


runpy.run_path(str(Path(__file__).parents[2] / "no_network" / "sitecustomize.py"))
if hasattr(os, "geteuid") and os.geteuid() == 0:
    give_up_writing_anyway()
locale.setlocale(locale.LC_ALL, "")
