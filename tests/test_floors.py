"""The house's habits that a linter does not know: what an import loads, how long a file is, where colours live."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import READERS

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for package in ("core", "tui", "support_console") for path in (ROOT / package).rglob("*.py"))
MODULE_LIMIT, SCREEN_LIMIT, APP_LIMIT = 300, 200, 150
LONGER: dict[str, str] = {}
"""A module that is longer than the rest may be, and why."""


def code_lines(path: Path) -> int:
    """Lines of code: no docstrings, comments or blank lines."""
    source = path.read_text(encoding="utf-8")
    prose: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            prose.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.splitlines(), start=1)
    return sum(1 for number, line in lines if number not in prose and line.strip() and not line.strip().startswith("#"))


def bases(path: Path) -> set[str]:
    """The names of the classes that the classes of a module are made from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {ast.unparse(base).partition("[")[0] for node in classes for base in node.bases}


@pytest.mark.parametrize("module", ["core", "core.services", "core.admin.facts"])
def test_the_domain_loads_no_terminal(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'textual', 'rich', 'asyncssh', 'core.terminal'}} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == "[]"


def test_the_console_starts_without_what_only_its_figures_are_drawn_with() -> None:
    code = "import sys, support_console.app; print('plotext' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == "False"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_outgrows_its_reader(path: Path) -> None:
    kinds = bases(path)
    limit = MODULE_LIMIT
    if any(kind.endswith(("Screen", "Page")) for kind in kinds):
        limit = SCREEN_LIMIT
    if any(kind in {"App", "TerminalApp"} for kind in kinds) and path.parts[-2] != "terminal":
        limit = APP_LIMIT
    name = str(path.relative_to(ROOT))
    assert code_lines(path) <= limit or name in LONGER, f"{name}: {code_lines(path)} lines of code, at most {limit}"


def test_colours_live_in_the_theme() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|\brgb\(")
    styles = [path for package in ("core", "tui", "support_console") for path in (ROOT / package).rglob("*.tcss")]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*SOURCES, *styles)
        if path.name not in {"theme.py", "qr_code.py"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if colour.search(line)
    ]
    assert found == []


def test_no_name_says_nothing() -> None:
    empty = re.compile(r"(Manager|Helper|Utils|Handler|Data|Base)$")
    found = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and empty.search(node.name)
    ]
    assert found == []


def test_every_setting_is_in_its_page() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [key for key in READERS if f"`{key}`" not in page] == []
