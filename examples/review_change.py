"""Review a change of a PBX: what it means, what it takes, and what was edited by hand meanwhile.

    python examples/review_change.py              # the made-up change below, to examples/home
    python examples/review_change.py OLD NEW      # your own: two folders; nothing is changed

The notebook review_change.ipynb does the same step by step, and goes on to a merge and a plan.
Names, numbers and passwords here are made up.
"""

import re
import sys
from pathlib import Path

import asterconf
from asterconf import Config
from asterconf.linter import Diagnostics
from asterconf.model import CallerID, Extension

HOME = Path(__file__).parent / "home"
SECRETS = {"6002": "plum-Kettle-and-longer", "6004": "pear-Cloud-4471"}


def proposal(old: Config) -> Config:
    """Return a configuration as somebody proposes it: six changes, a slip, much tidying up."""
    texts = {name: str(old[name]) for name in old.files}

    # Tidied up: no space around =, a word in front of each remark, all steps numbered.
    for name in ("pjsip.conf", "pjsip_wizard.conf", "queues.conf"):
        texts[name] = re.sub(r"(?m)^([\w/-]+) *= ", r"\1=", texts[name])
    plan = re.sub(r"(?m)^; ", "; Note: ", texts["extensions.conf"])
    texts["extensions.conf"] = numbered(plan)

    # And in between, what is meant.
    new = Config.from_texts(texts)
    new["pjsip_wizard.conf"]["extension-defaults"]["endpoint/allow"] = "!all,opus,g722,ulaw"
    new["pjsip_wizard.conf"]["6002"]["inbound_auth/password"] = SECRETS["6002"]
    new["pjsip.conf"]["transport-defaults"]["bind"] = "0.0.0.0:5080"
    new["queues.conf"]["home-phones"]["timeout"] = "20"
    new.update(new.extensions["6003"], callerid=CallerID("Cellar", "6003"))
    garage = CallerID("Garage", "6004")
    new.add(Extension("6004", callerid=garage, secret=SECRETS["6004"], context="from-hone"))
    return new


def numbered(text: str) -> str:
    """Return a dialplan in which every step says its extension and its number."""
    lines: list[str] = []
    exten, number = "", 0
    for line in text.split("\n"):
        if first := re.match(r"exten *=> *([^,]+),([0-9]+)[,(]", line):
            exten, number = first[1], int(first[2])
        further = re.match(r" *same *=> *n([,(].*)", line)
        number += further is not None
        lines.append(f"exten => {exten},{number}{further[1]}" if further else line)
    return "\n".join(lines)


def lines_changed(old: Config, new: Config) -> int:
    """Return how many lines a diff of text would show as gone or come."""
    diffs = (old[name].diff(new[name]) for name in old.files if name in new)
    return sum(line[:1] in {"+", "-"} for diff in diffs for line in diff.split("\n")[2:])


def worse(old: Config, new: Config) -> Diagnostics:
    """Return what is wrong now and was not before."""
    known = {(found.code, found.message) for found in old.check(host_files=False)}
    found = new.check(host_files=False)
    return Diagnostics(one for one in found if (one.code, one.message) not in known)


def main() -> None:
    """Review the change of two folders, or the made-up one."""
    if len(sys.argv) > 2:
        old, new = map(asterconf.load, sys.argv[1:3])
    else:
        old = asterconf.load(HOME)
        new = proposal(old)
        print(f"{lines_changed(old, new)} lines of text changed. What that means:\n")
    diff = asterconf.diff(old, new)
    print(diff)
    print("\nCalls that change, or may:")
    for calls in diff.calls():
        print(f"  {calls}")
    print()
    for found in worse(old, new):
        print(found)


if __name__ == "__main__":
    main()
