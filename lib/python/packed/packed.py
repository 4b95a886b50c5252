"""Trains what is packed in the folder that this file lies in, and puts what came of it into `back`, to be taken home."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import time
from importlib.metadata import PackageNotFoundError, version

HERE = os.path.dirname(os.path.abspath(__file__))
PIECE = 1 << 20


def here(*parts):
    return os.path.join(HERE, *parts)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def fail(message):
    sys.exit(f"packed.py: {message}")


def check_packages(wanted):
    """Versions as they are here. What is missing ends it; another version is only told."""
    found = {}
    for name, asked in wanted.items():
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
        if found[name].split("+")[0] != asked:
            print(f"{name} is {found[name]} here; it was packed for {asked}, and the last digits may differ", flush=True)
    missing = [f"{name}=={asked}" for name, asked in wanted.items() if name not in found]
    if missing:
        fail(f"this Python ({sys.executable}) lacks {', '.join(missing)}. Install them, or say PYTHON=... for one that has them.")
    return found


def join(path, parts):
    """Puts a file together of its parts."""
    if os.path.exists(here(path)):
        return
    missing = [part for part in parts if not os.path.exists(here(part))]
    if missing:
        fail(f"{missing[0]} is missing, a part of {path}")
    with open(here(path + ".half"), "wb") as whole:
        for part in parts:
            with open(here(part), "rb") as file:
                while piece := file.read(PIECE):
                    whole.write(piece)
    os.rename(here(path + ".half"), here(path))


def check_files(pack):
    for path, parts in pack["parts"].items():
        join(path, parts)
    for path, digest in pack["files"].items():
        if not os.path.exists(here(path)):
            fail(f"{path} is missing")
        if sha256(here(path)) != digest:
            fail(f"{path} is not what was packed: copy it again")


def find_weights(pack):
    """Weights that were not packed are linked to where the trainer looks for them."""
    given = os.environ.get("WEIGHTS")
    for folder, files in pack["weights"].items():
        if not os.path.exists(here(folder)):
            if not given:
                fail(f"the weights of {folder} were not packed: say WEIGHTS=... for the folder with {', '.join(files)}")
            os.makedirs(os.path.dirname(here(folder)), exist_ok=True)
            os.symlink(os.path.abspath(given), here(folder))
        for name, digest in files.items():
            path = here(folder, name)
            if not os.path.exists(path) or sha256(path) != digest:
                fail(f"{path} is not the {name} that was packed for (sha256 {digest})")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, what):
    with open(path + ".half", "w", encoding="utf-8") as file:
        json.dump(what, file, indent=2)
    os.rename(path + ".half", path)


def train(job):
    """Has a job trained, and its facts say so; time is counted over all starts."""
    facts = here("jobs", job, "facts.json")
    if read(facts)["done"]:
        return
    environment = {
        **os.environ,
        **{"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
        **{"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000"},
    }
    started, before = time.time(), read(facts)["seconds"]
    command = [sys.executable, "-B", here("trainer"), here("jobs", job, "config.json")]
    with open(here("jobs", job, "training.log"), "ab") as log:
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in child.stdout:
            log.write(line)
            log.flush()
            if line.startswith(b'{"step"'):
                print(job, line.decode().strip(), flush=True)
                write(facts, {**read(facts), "seconds": before + time.time() - started})
    if child.wait() != 0:
        fail(f"{job} failed: see jobs/{job}/training.log. It goes on from its last checkpoint when run.sh is started again.")
    import torch

    device = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "cpu"
    told = {"device": device, "versions": VERSIONS, "seconds": before + time.time() - started, "done": True}
    write(facts, {**read(facts), **told})


def results(job):
    """What goes home: not what it takes to go on, nor the rows."""
    yield f"{job}/facts.json", here("jobs", job, "facts.json")
    yield f"{job}/training.log", here("jobs", job, "training.log")
    for folder, _, names in sorted(os.walk(here("jobs", job, "checkpoints"))):
        for name in sorted(names):
            if name != "state.pt":
                path = os.path.join(folder, name)
                yield os.path.relpath(path, here("jobs")).replace(os.sep, "/"), path


def put_back(job, most):
    """An archive of what came of a job, in parts of at most so many bytes, each with its hash."""
    os.makedirs(here("back"), exist_ok=True)
    whole = here("back", f"{job}.tar")
    with tarfile.open(whole, "w") as archive:
        for name, path in results(job):
            archive.add(path, name)
    parts = split(whole, most) if most and os.path.getsize(whole) > most else [whole]
    told = {"job": job, "parts": {os.path.basename(part): sha256(part) for part in parts}}
    write(here("back", f"{job}.json"), told)


def split(path, most):
    parts = []
    with open(path, "rb") as file:
        while piece := file.read(most):
            parts.append(f"{path}.{len(parts) + 1:03}")
            with open(parts[-1], "wb") as part:
                part.write(piece)
    os.remove(path)
    return parts


pack = read(here("pack.json"))
VERSIONS = check_packages(pack["packages"])
check_files(pack)
find_weights(pack)
for job in pack["jobs"]:
    if not os.path.exists(here("back", f"{job}.json")):
        train(job)
        put_back(job, pack["most"])
    print(f"{job}: done", flush=True)
print("take home: the folder back", flush=True)
