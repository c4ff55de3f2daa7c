"""What we depend on is locked, and nothing that harms every start comes along."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def locked() -> dict[str, str]:
    """Name → version, as the lock pins them."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def brought_in(requirements: list[str]) -> set[str]:
    """The distributions that these requirements install here, and theirs in turn."""
    found: set[str] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        try:
            theirs = distribution(name).requires or []
        except PackageNotFoundError:
            found.add(f"{name} (not installed)")
            continue
        if name in found and not requirement.extras:
            continue
        found.add(name)
        for extra_wanted in ("", *requirement.extras):
            waiting += [(Requirement(text), extra_wanted) for text in theirs]
    return found


def test_every_dependency_is_locked_at_a_version_we_accept() -> None:
    pins = locked()
    wanted = [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["dev"],
        *PYPROJECT["build-system"]["requires"],
    ]
    for requirement in map(Requirement, wanted):
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement.name} is not in requirements.lock: run ./dev lock"
        assert requirement.specifier.contains(pin), f"{requirement} is locked at {pin}"


def test_the_dev_extra_and_the_dev_group_agree() -> None:
    assert PROJECT["optional-dependencies"]["dev"] == PYPROJECT["dependency-groups"]["dev"]


def test_every_locked_package_carries_hashes_and_none_names_an_index() -> None:
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK)
    for entry in entries:
        if "==" in entry:
            assert "--hash=sha256:" in entry, entry
    assert "://" not in LOCK
    assert "--index-url" not in LOCK
    assert "--find-links" not in LOCK


def test_the_program_brings_nothing_that_slows_every_start() -> None:
    installed = brought_in(PROJECT["dependencies"])
    # urllib3-future hooks itself into every interpreter; click would be a second one beside
    # Typer's own; six and numpy mean that some library fell back to an old or a heavy version.
    assert installed & {"urllib3-future", "six", "click", "numpy"} == set()
    assert not {name for name in installed if "not installed" in name}
