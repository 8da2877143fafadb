"""What an interpreter does before its first program, whether it forks its programs or becomes one."""

import ctypes
import importlib
import sys

LIBRARY = "/run/sandcastle/guest/libsandcastle_jail.so"


def preload(names):
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            sys.exit(f"cannot preload {name}: {error}")


def load_library():
    # PyDLL keeps the interpreter's lock: between a zygote's waking and its fork nothing of Python may run.
    library = ctypes.PyDLL(LIBRARY)
    library.sc_program_execute.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_uint32)
    return library
