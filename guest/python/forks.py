"""Spares a fork of the zygote what threading does after a fork.

threading's hook puts right what other threads may have held or owned. The zygote has none, so nothing is to be put right; but
running it writes to 130 pages, each copied, a fifth of all that a slot copies. A program's own forks run it as ever.
"""

import os

in_zygote = True
register = os.register_at_fork


def watch():
    """Hooks that are registered from now on are known. To be called before anything imports threading."""
    os.register_at_fork = register_at_fork


def register_at_fork(**hooks):
    child = hooks.get("after_in_child")
    if getattr(child, "__module__", None) == "threading":
        hooks["after_in_child"] = lambda: None if in_zygote else child()
    register(**hooks)


def trust():
    """From here on: whatever was preloaded, is there one thread only? If not, the hook is needed."""
    import threading

    global in_zygote
    os.register_at_fork = register
    in_zygote = threading.active_count() == 1
