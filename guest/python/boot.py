"""An interpreter that boots in its slot, ahead of the run, and becomes the run's program: where nothing is forked from a zygote.

Arguments: the names of the modules to preload.
"""

import sys

import program
import warm

warm.preload(sys.argv[1:])
life = program.Program(warm.load_library())
life.rehearse()
life.live()
