"""The exercises of each lesson, one module a notebook, with the same name."""

from course_utils.ahead import load_torch
from course_utils.namesakes import refuse_namesakes

refuse_namesakes()
load_torch()
