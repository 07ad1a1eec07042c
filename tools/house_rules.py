"""The rules of the house, as pure functions: a tree of files in, a list of faults out.

Theory. A `Tree` maps the path of every file of the project (POSIX, relative) to its text; nothing here looks at the
disk except `read_tree`. Each rule answers with sentences that name the place, and with none when all is well, so that
tests/test_architecture.py can hold the project to it and also show that a planted violation is found.

Who may import whom among our own modules is import-linter's business (see pyproject.toml); what is here is what it
cannot see: the standard library, the clock, sizes, texts.
"""

from __future__ import annotations

import ast
import json
import posixpath
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

Tree: TypeAlias = Mapping[str, str]
Version: TypeAlias = tuple[int, ...]

ROOMS: Final = ("world", "federation", "assets", "market")
"""The pure packages, whether they exist yet or not."""

MAX_FILE_LINES: Final = 600
MAX_FUNCTION_LINES: Final = 70

IMPURE_MODULES: Final = frozenset(
    {
        *("aiohttp", "alembic", "anyio", "asyncio", "concurrent", "http", "httpx", "picows", "prometheus_client"),
        *("random", "secrets", "select", "selectors", "signal", "socket", "socketserver", "sqlalchemy", "sqlite3"),
        *("ssl", "structlog", "subprocess", "tempfile", "threading", "time", "urllib3", "uuid", "uvloop", "websockets"),
        *("glob", "importlib", "logging", "multiprocessing", "os", "shutil", "sys", "yokocho"),
    }
)
"""What a room may not import: I/O, clocks, chance, the process it runs in, and the application."""

IMPURE_CALLS: Final = frozenset({"__import__", "breakpoint", "eval", "exec", "input", "open", "print"})
IMPURE_ATTRIBUTES: Final = frozenset(
    {
        *("date.today", "datetime.now", "datetime.today", "datetime.utcnow"),
        *("np.random", "numpy.random", "np.fromfile", "np.load", "np.memmap", "np.save"),
    }
)

FOREIGN_PLACES: Final = (
    *("/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/", "/t" + "mp/", "/o" + "pt/", "C:" + "\\\\"),
    *("registry." + "npmjs", "registry." + "yarnpkg", "files." + "pythonhosted", "pypi" + ".org", "deb." + "debian"),
    *("proxy." + "golang", "crates" + ".io"),
)
"""Paths of one machine and hosts of registries. Written in two pieces, so that this file keeps its own rule."""

SAFE_PYTHON: Final = {
    "aiohttp": "3.14.5",
    "alembic": "1.20",
    "cryptography": "50.0",
    "idna": "3.20",
    "mako": "1.4",
    "msgpack": "1.2",
    "msgspec": "0.22",
    "multidict": "7.2",
    "numpy": "2.4",
    "pip": "26.3",
    "picows": "2.3",
    "pillow": "13.0",
    "pyjwt": "2.13",
    "sqlalchemy": "2.1.9",
    "structlog": "26.1",
    "uvloop": "0.23",
    "websockets": "17.4",
    "yarl": "1.25",
}
SAFE_JAVASCRIPT: Final = {"@msgpack/msgpack": "3.1.3", "three": "0.187.0", "vite": "8.3", "vitest": "5.1"}
"""The oldest versions that may see what strangers send, or build what visitors run. Raise them with every advisory."""

UNFINISHED: Final = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|HA" + r"CK|XX" + r"X)\b")
OUTSIDE_ADDRESS: Final = re.compile(r"\b(?:https?|wss?)://(?!(?:www\.w3|w3id)\.org/)[\w.-]+", re.IGNORECASE)

TEXT_SUFFIXES: Final = frozenset(
    {".css", ".html", ".json", ".md", ".py", ".sh", ".svg", ".toml", ".ts", ".txt", ".yaml", ".yml", ".c", ".mako", ""}
)


def read_tree(root: Path) -> dict[str, str]:
    """Every text file that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = sorted(name for name in set(listed.split("\0")) if name and Path(name).suffix in TEXT_SUFFIXES)
    return {name: (root / name).read_text(encoding="utf-8") for name in names if (root / name).is_file()}


# --- purity -----------------------------------------------------------------------------------------------------------


def impure_rooms(tree: Tree) -> list[str]:
    """Rooms that reach for I/O, a clock, chance, the application or each other."""
    faults = []
    for name, module in _modules(tree):
        room = name.partition("/")[0]
        if room in ROOMS:
            forbidden = IMPURE_MODULES | set(ROOMS) - {room}
            faults += [f"{name}:{line}: {what}" for line, what in _impurities(module, forbidden)]
    return faults


def _impurities(module: ast.Module, forbidden: Iterable[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if alias.name.partition(".")[0] in forbidden:
                        yield node.lineno, f"imports {alias.name}"
            case ast.ImportFrom(module=source) if (source or "").partition(".")[0] in forbidden:
                yield node.lineno, f"imports {source}"
            case ast.Call(func=ast.Name(id=called)) if called in IMPURE_CALLS:
                yield node.lineno, f"calls {called}()"
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
                if f"{owner}.{name}" in IMPURE_ATTRIBUTES:
                    yield node.lineno, f"uses {owner}.{name}"
            case _:
                pass


# --- sizes ------------------------------------------------------------------------------------------------------------


def long_files(tree: Tree) -> list[str]:
    """Source files above the limit; generated ones are nobody's to read."""
    return [
        f"{name}: {count} lines, at most {MAX_FILE_LINES}"
        for name, text in tree.items()
        if name.endswith((".py", ".ts", ".css", ".html", ".c")) and not name.endswith(".gen.ts")
        if (count := len(text.splitlines())) > MAX_FILE_LINES
    ]


def long_functions(tree: Tree) -> list[str]:
    """Python functions above the limit, docstring included. (TypeScript's are counted by Biome.)"""
    faults = []
    for name, module in _modules(tree):
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = (node.end_lineno or node.lineno) - node.lineno + 1
                if count > MAX_FUNCTION_LINES:
                    faults.append(f"{name}:{node.lineno}: {node.name} has {count} lines, at most {MAX_FUNCTION_LINES}")
    return faults


# --- texts ------------------------------------------------------------------------------------------------------------


def foreign_places(tree: Tree) -> list[str]:
    """Files that name a path of one machine or the host of a package registry."""
    return [
        f"{name}:{line}: names {place}"
        for name, text in tree.items()
        if not name.startswith("LICENSE")
        for line, content in enumerate(text.splitlines(), 1)
        for place in FOREIGN_PLACES
        if _names_place(content, place)
    ]


def _names_place(content: str, place: str) -> bool:
    # A route such as `/api/home/` is no place: a path of the machine begins where a word does.
    start = r"(?<![\w.}~-])" if place.startswith("/") else ""
    return re.search(start + re.escape(place), content) is not None


def unfinished(tree: Tree) -> list[str]:
    """Notes to self that were left in the code."""
    return [
        f"{name}:{line}: a note to self"
        for name, text in tree.items()
        if name.endswith((".py", ".ts", ".css", ".html"))
        for line, content in enumerate(text.splitlines(), 1)
        if UNFINISHED.search(content)
    ]


def outside_addresses(tree: Tree) -> list[str]:
    """Addresses of other hosts in the client: no request may leave the instance."""
    return [
        f"{name}:{line}: {found.group()}"
        for name, text in tree.items()
        if name.startswith(("client_web/src/", "client_web/public/")) or re.fullmatch(r"client_web/\w+\.html", name)
        for line, content in enumerate(text.splitlines(), 1)
        for found in OUTSIDE_ADDRESS.finditer(content)
    ]


def broken_links(tree: Tree) -> list[str]:
    """Relative links in the documentation that lead nowhere. Pictures are not in a tree of texts, and not looked at."""
    faults = []
    for name, text in tree.items():
        if name.endswith(".md"):
            for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link))
                is_folder = any(other.startswith(f"{target}/") for other in tree)
                if "://" not in link and Path(target).suffix in TEXT_SUFFIXES and target not in tree and not is_folder:
                    faults.append(f"{name}: links to {link}, which is not there")
    return faults


def missing_tests(tree: Tree) -> list[str]:
    """Tests that SECURITY.md names as holding a threat and that are not there: `file.py`, `file.py::test_name`."""
    tests = {name: text for name, text in tree.items() if name.startswith("tests/") and name.endswith(".py")}
    faults = []
    for file, test in re.findall(r"`([\w/]*test_\w+\.py)(?:::(\w+))?`", tree.get("SECURITY.md", "")):
        texts = [text for name, text in tests.items() if f"/{name}".endswith(f"/{file}")]
        if not texts:
            faults.append(f"SECURITY.md: names {file}, which is not there")
        elif test and not any(re.search(rf"^\s*(?:async )?def {test}\(", text, re.MULTILINE) for text in texts):
            faults.append(f"SECURITY.md: names {test}, which is not in {file}")
    return faults


def undocumented_settings(names: Iterable[str], guide: str) -> list[str]:
    """Settings without a row in the guide's table, and rows without a setting. A row begins with `` | `name` ``."""
    known = set(names)
    rows = set(re.findall(r"^\|\s*`([a-z0-9_]+)`\s*\|", guide, re.MULTILINE))
    missing = [f"the setting {name} is not in the table" for name in sorted(known - rows)]
    return missing + [f"the table names {name}, which is no setting" for name in sorted(rows - known)]


# --- dependencies -----------------------------------------------------------------------------------------------------


def named_registries(lock: str) -> list[str]:
    """Packages of a package-lock.json that say where they were downloaded from, or that carry no checksum.

    An optional one may lack it: that is a tool's build for another platform, which a mirror need not have.
    """
    packages = json.loads(lock)["packages"]
    faults = [f"{name} says where it came from" for name, entry in packages.items() if "resolved" in entry]
    return faults + [
        f"{name} has no checksum"
        for name, entry in packages.items()
        if name and "integrity" not in entry and not entry.get("optional", False)
    ]


def loose_packages(package_json: str) -> list[str]:
    """Dependencies of a package.json that are not pinned to one version."""
    manifest = json.loads(package_json)
    return [
        f"{name} {version} is not one version"
        for group in ("dependencies", "devDependencies")
        for name, version in manifest.get(group, {}).items()
        if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    ]


def pins(constraints: str) -> dict[str, Version]:
    """The versions in a constraints file.

    Raises:
        ValueError: a line is not `name==version`.
    """
    found: dict[str, Version] = {}
    for line in constraints.splitlines():
        content = line.partition("#")[0].partition(";")[0].strip()
        if content:
            name, equals, version = content.partition("==")
            if not equals:
                raise ValueError(f"not an exact version: {line}")
            found[_canonical(name)] = parse_version(version)
    return found


def unpinned(requirements: Iterable[str], constraints: str) -> list[str]:
    """Requirements without a pin, or whose pin is below the minimum they ask for."""
    pinned = pins(constraints)
    faults = []
    for requirement in requirements:
        found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?:>=|==)\s*([0-9.]+)", requirement)
        if found is None:
            faults.append(f"{requirement} has no minimum version")
        elif _canonical(found[1]) not in pinned:
            faults.append(f"{found[1]} is not in constraints.txt")
        elif pinned[_canonical(found[1])] < parse_version(found[2].rstrip(".")):
            faults.append(f"{found[1]} is pinned below {found[2]}")
    return faults


def unsafe_versions(pinned: Mapping[str, Version], safe: Mapping[str, str]) -> list[str]:
    """Packages pinned below the oldest version that we trust."""
    return [
        f"{name} is below {minimum}, the oldest version that we trust"
        for name, minimum in safe.items()
        if name in pinned and pinned[name] < parse_version(minimum)
    ]


def parse_version(text: str) -> Version:
    """The numbers of a version; whatever follows them (a pre-release) is dropped."""
    found = re.match(r"\d+(?:\.\d+)*", text.strip())
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _modules(tree: Tree) -> Iterator[tuple[str, ast.Module]]:
    for name, text in tree.items():
        if name.endswith(".py"):
            yield name, ast.parse(text, name)
