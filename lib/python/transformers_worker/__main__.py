"""Asks a model through transformers and PEFT, for the program that started it: python lib/python/transformers_worker

It reads requests, a JSON object a line, and answers each with lines of its own: {"row": ...} for each example, and
{"done": ...} or {"error": {"message", "hint"}} at its end. The first request is {"do": "load"}; `score`, `write`, `label`
and `tag` ask about rows (lib/src/scoring/transformers/protocol.ts says what of each). Every few seconds it says
{"alive": ...}. It ends when nobody can send any more requests, whatever it is at.
"""

import json
import os
import queue
import signal
import sys
import threading
import time
import traceback

# What libraries print goes to the errors, so that the lines of the protocol are whole.
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # or cuBLAS sums in no fixed order

saying = threading.Lock()
requests: queue.Queue = queue.Queue()


def say(**what):
    # No raw control character, and no NaN, which JSON has not.
    line = json.dumps(what, ensure_ascii=True, allow_nan=False)
    with saying:
        try:
            out.write(line + "\n")
            out.flush()
        except BrokenPipeError:
            os._exit(0)


def listen():
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)


def beat():
    while True:
        time.sleep(5)
        say(alive=round(time.monotonic()))


def explain(error):
    """An error as whoever asked is to read it."""
    from refusal import Refusal

    if isinstance(error, Refusal):
        return {"message": error.message, "hint": error.hint}
    traceback.print_exception(error)
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text:
        return {"message": "the memory does not suffice", "hint": "Take a smaller model, dtype: bfloat16 or nf4.\n" + text}
    return {"message": text, "hint": None}


def main():
    # Ctrl-C goes to all of a terminal's programs: whoever started this one ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for thread in (listen, beat):
        threading.Thread(target=thread, daemon=True).start()
    model = None
    while True:
        request = requests.get()
        try:
            if request["do"] == "load":
                from loading import load

                model, told = load(request)
                say(done=told)
            else:
                for row in getattr(model, request["do"])(request):
                    say(row=row)
                say(done={})
        except Exception as error:  # noqa: BLE001: whatever it is, the one who asked is told
            say(error=explain(error))


main()
