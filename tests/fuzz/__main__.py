"""`python -m tests.fuzz TARGET…`: coverage-guided fuzzing with atheris.

Each target runs in a process of its own, one after the other. What escapes is said once a place,
its input kept in the folder of findings, and the run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Fuzz the targets named; 1: something escaped."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="all of them by default")
    parser.add_argument("--minutes", type=float, default=60, help="in all (default: 60)")
    parser.add_argument("--runs", type=int, default=-1, help="executions of each; -1: no limit")
    parser.add_argument("--longest", type=int, default=4096, help="bytes of an input (4096)")
    parser.add_argument("--work", type=Path, default=Path(".fuzz"), help="inputs and findings")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    told = parser.parse_args()
    seconds = int(told.minutes * 60)
    if told.child:
        _fuzz(told.child, told.work, seconds, told.runs, told.longest)
    names = told.targets or sorted(one.name for one in (HERE / "corpus").iterdir())
    for name in names:
        limits = ["--minutes", str(told.minutes / len(names)), "--runs", str(told.runs),
                  "--longest", str(told.longest)]  # fmt: skip
        command = [sys.executable, "-m", "tests.fuzz", "--child", name, "--work", str(told.work)]
        subprocess.run(command + limits, check=True)
    found = sorted((told.work / "findings").glob("*"))
    for one in found:
        print(one)
    return bool(found)


def _fuzz(name: str, work: Path, seconds: int, runs: int, longest: int) -> None:
    """Run one target; libFuzzer ends the process."""
    atheris = import_module("atheris")  # of the extra `fuzz`; it has no types
    with atheris.instrument_imports(include=["asterconf"], enable_loader_override=False):
        from tests.fuzz import targets
    target = targets.TARGETS[name]
    inputs, findings = work / "inputs" / name, work / "findings"
    for folder in (inputs, findings):
        folder.mkdir(parents=True, exist_ok=True)
    seen: set[tuple[str, ...]] = set()
    atheris.Setup(
        [sys.argv[0], str(inputs), str(HERE / "corpus" / name), f"-dict={HERE / 'words.dict'}",
         f"-max_total_time={seconds}", f"-runs={runs}", "-timeout=60", "-rss_limit_mb=3000",
         f"-max_len={longest}", "-print_final_stats=1", f"-artifact_prefix={findings}/{name}-"],
        lambda data: _run(target, data, seen, findings),
    )  # fmt: skip
    atheris.Fuzz()


def _run(
    target: Callable[[bytes], None], data: bytes, seen: set[tuple[str, ...]], findings: Path
) -> None:
    start = time.process_time()
    try:
        target(data)
    except Exception as error:  # whatever comes out is what is looked for
        frames = [
            f for f in traceback.extract_tb(error.__traceback__) if "/asterconf/" in f.filename
        ]
        place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        kind: tuple[str, ...] = (type(error).__name__, place)
        text = "".join(traceback.format_exception(error))
    else:
        if (took := time.process_time() - start) < 5:
            return
        kind = ("slow",)
        text = f"took {took:.1f} seconds of processor time\n"
    if kind in seen:
        return
    seen.add(kind)
    name = f"{target.__name__}-{kind[0]}-{hashlib.sha256(data).hexdigest()[:8]}"
    (findings / name).write_bytes(data)
    (findings / f"{name}.txt").write_text(text, encoding="utf-8", errors="backslashreplace")
    print(f"{name}: {' '.join(kind)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
