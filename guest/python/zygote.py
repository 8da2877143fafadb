"""A warm interpreter. It imports what its template preloads, then forks one program per wish of the worker.

No code of a user ever runs here. All that concerns the kernel is in libsandcastle_jail.so (native/jail/zygote.c); what
a child does from its fork to its end is in program.py. The fork is os.fork(), that is libc's fork() with CPython's own
hooks: a child of a raw clone would find stale locks, thread ids and, with OpenBLAS, a dead thread pool.

Arguments: the names of the modules to preload.
"""

import gc
import os
import sys
import warnings

import forks

forks.watch()

import program  # noqa: E402 - imports threading
import warm  # noqa: E402

def main():
    warm.preload(sys.argv[1:])
    # From 3.12 on os.fork() warns where other threads live; a preloaded library's idle pool is no reason to.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork.*")
    library = warm.load_library()
    life = program.Program(library)
    life.rehearse()
    # Nothing made so far shall ever be looked at by a child's garbage collector: looking is writing, and writing copies.
    gc.collect()
    gc.freeze()
    forks.trust()
    if library.sc_zygote_ready() != 0:
        sys.exit(70)
    while library.sc_zygote_next():
        try:
            pid = os.fork()
        except OSError:
            library.sc_zygote_forked(-1)
            continue
        if pid == 0:
            library.sc_zygote_enter()
            life.live()
        library.sc_zygote_forked(pid)


main()
os._exit(0)
