"""Checks the one session that the emulated machine recorded. usage: check.py SESSIONS-JSON"""

import json
import sys

sessions = json.loads(sys.argv[1])
found = [session for session in sessions if session["kind"] == "exec" and "seq 1 5000" in " ".join(session["command"])]
if len(found) != 1:
    sys.exit(f"expected one exec, found {len(found)} in {len(sessions)} sessions")
session = found[0]
for name, wanted in (("exitCode", 7), ("tty", False), ("verdict", "COMPLETE")):
    if session[name] != wanted:
        sys.exit(f"{name} is {session[name]}, expected {wanted}: {session['reasons']} {session['streams']}")
out = session["streams"]["out"]
if out["gaps"] or out["bytes"] != sum(len(str(n)) + 1 for n in range(1, 5001)):
    sys.exit(f"out is {out}")
