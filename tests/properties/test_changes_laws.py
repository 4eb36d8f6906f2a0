"""`Config.changes`: what it prints can be applied, and shows no secret."""

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asterconf
from asterconf.syntax import Document
from asterconf.testing.strategies import text as texts

TOOLS = {
    "patch": ("patch", "-p1", "--binary", "--quiet", "--no-backup-if-mismatch"),
    "git": ("git", "apply", "-p1", "--whitespace=nowarn"),
}
files = st.lists(texts.pieces.filter(lambda text: "\0" not in text), min_size=2, max_size=2)
trees = st.tuples(files, files)


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=30)
@given(trees)
def test_revealed_changes_are_a_patch(tool: str, tree: tuple[list[str], list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        names = ["a.conf", "b.conf"]
        for name, old in zip(names, tree[0], strict=True):
            (place / name).write_bytes(bytes(Document(old)))
        conf = asterconf.load(place)
        for name, new in zip(names, tree[1], strict=True):
            assert bytes(conf[name]) == bytes(Document(tree[0][names.index(name)]))
            document = conf.workspace.files.documents[name] = Document(new, name=name)
            document.version = 1
        conf.changes()
        patch = conf.changes(reveal=True).encode("utf-8", "surrogateescape")
        if conf.changed:
            subprocess.run(TOOLS[tool], cwd=place, input=patch, check=True, capture_output=True)
        for name in names:
            assert (place / name).read_bytes() == bytes(conf[name])


def test_a_new_file_is_one_that_was_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("[a]\nx = 1")
    conf = asterconf.Config.from_texts({"n.conf": "[n]\npassword = x\n"})
    assert (
        conf.changes()
        == "--- /dev/null\n+++ b/n.conf\n@@ -0,0 +1,2 @@\n+[n]\n+password = ********\n"
    )
    patch = conf.changes(reveal=True).encode()
    subprocess.run(TOOLS["patch"], cwd=tmp_path, input=patch, check=True)
    assert (tmp_path / "n.conf").read_bytes() == bytes(conf["n.conf"])
