#!/usr/bin/python3
"""under-filter.py UNIT COMMAND…: runs a command under the SystemCallFilter= lines of a systemd unit, as systemd would load them (systemd.exec(5)).

The groups are systemd's own (systemd-analyze syscall-filter), the filter libseccomp's. What is not allowed fails with EPERM, as the unit says.
"""
import ctypes
import os
import subprocess
import sys

EPERM = 1
ALLOW, ERRNO = 0x7FFF0000, 0x00050000 | EPERM


def group(name):
    if not name.startswith("@"):
        return {name}
    lines = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    words = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return set().union(*(group(word) for word in words))


def allowed(unit):
    calls = group("@default")  # always allowed: without these nothing can even be started
    for line in open(unit):
        key, _, value = line.strip().partition("=")
        if key == "SystemCallFilter":
            named = set().union(*(group(word) for word in value.lstrip("~").split()))
            calls = calls - named if value.startswith("~") else calls | named
    return calls | group("@default")


unit, *command = sys.argv[1:]
seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(seccomp.seccomp_init(ERRNO))
for call in allowed(unit):
    number = seccomp.seccomp_syscall_resolve_name(call.encode())
    if number >= 0:
        seccomp.seccomp_rule_add(context, ALLOW, number, 0)
if seccomp.seccomp_load(context) != 0:
    sys.exit("no filter could be loaded")
os.execv(command[0], command)
