"""What a lesson measures: one file a lesson, each experiment a study with its seeds and the range it must fall in."""

from course_utils.ahead import load_torch
from course_utils.namesakes import refuse_namesakes

refuse_namesakes()
load_torch()
