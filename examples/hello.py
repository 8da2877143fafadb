"""What a program sees from inside a sandbox."""

import os
import platform
import socket
import time


def primes(below):
    sieve = bytearray([1]) * below
    sieve[:2] = b"\0\0"
    for n in range(2, int(below**0.5) + 1):
        if sieve[n]:
            sieve[n * n :: n] = bytes(len(range(n * n, below, n)))
    return sum(sieve)


started = time.perf_counter()
print(f"Hello from Python {platform.python_version()}.")
print(f"I am process {os.getpid()}, user {os.getuid()}, in {os.getcwd()}.")
print(f"I see {sum(name.isdigit() for name in os.listdir('/proc'))} processes and the network interfaces",
      ", ".join(name for _, name in socket.if_nameindex()) + ".")
for may, path, mode in (("read", "/etc/shadow", os.R_OK), ("write", "/usr", os.W_OK), ("write", os.getcwd(), os.W_OK)):
    print(f"May I {may} {path}? {'Yes' if os.access(path, mode) else 'No'}.")
print(f"There are {primes(1_000_000)} primes below a million; "
      f"finding that out took {(time.perf_counter() - started) * 1000:.0f} ms.")
