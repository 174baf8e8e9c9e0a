"""The committed bundle is what the sources in widgets/ give, and those sources pass their own tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WIDGETS = Path(__file__).parents[2] / "widgets"
STATIC = Path(__file__).parents[2] / "storyreel" / "studio" / "static"
# The development tools bring a Node; it lies beside this Python.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def _npm(*arguments):
    npm = shutil.which("npm", path=PATH)
    assert npm, "Node is missing: install the development tools with  pip install 'storyreel[dev]'"
    run = subprocess.run(
        [npm, "--silent", *arguments], cwd=WIDGETS, env={**os.environ, "PATH": PATH, "NO_COLOR": "1"},
        capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    return run.returncode, run.stdout + run.stderr


@pytest.fixture(scope="module", autouse=True)
def _installed():
    """What package-lock.json names, installed once."""
    if not (WIDGETS / "node_modules" / ".package-lock.json").exists():
        code, said = _npm("ci")
        assert code == 0, said


def test_the_committed_bundle_is_what_the_sources_give():
    code, said = _npm("run", "current")
    assert code == 0, said


def test_a_change_of_a_source_is_noticed(tmp_path):
    copy = tmp_path / "repository" / "widgets"
    shutil.copytree(WIDGETS, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(WIDGETS / "node_modules")
    shutil.copytree(STATIC, copy.parent / "storyreel" / "studio" / "static")
    node = shutil.which("node", path=PATH)
    build = [node, "build.mjs", "--check"]
    assert subprocess.run(build, cwd=copy, capture_output=True, timeout=120).returncode == 0
    index = copy / "src" / "index.tsx"
    index.write_text(index.read_text(encoding="utf-8").replace("export default", "console.log(1); export default"))
    changed = subprocess.run(build, cwd=copy, capture_output=True, text=True, timeout=120)
    assert changed.returncode == 1
    assert "studio.js" in changed.stderr


def test_types_and_tests_of_the_front_end_pass():
    code, said = _npm("run", "check")
    assert code == 0, said
    code, said = _npm("test")
    assert code == 0, said


def test_the_bundle_loads_nothing_from_elsewhere_and_the_lock_names_no_host():
    bundle = (STATIC / "studio.js").read_text(encoding="utf-8") + (STATIC / "studio.css").read_text(encoding="utf-8")
    assert "@import" not in bundle
    for address in ("http://", "https://"):
        found = {bundle[at : at + 40] for at in range(len(bundle)) if bundle.startswith(address, at)}
        assert all(each.startswith("http://www.w3.org/") for each in found), found
    assert '"resolved"' not in (WIDGETS / "package-lock.json").read_text(encoding="utf-8")
