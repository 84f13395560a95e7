"""No raw text reaches what reads markup: the kit has one door, `Words` and `words`, and everything goes through it.

What Textual's widgets do with a `str` (run actions from it, crash on it, pass escape sequences on) is measured; so the
screens build from `words(...)`, and this reads every file to see that they do.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("core/terminal", "tui", "support_console") for path in (ROOT / folder).rglob("*.py"))

IMPORTS = {
    "core/terminal/words.py": {"Static"},
    "core/terminal/widgets/field.py": {"Input"},
    "core/terminal/widgets/long_field.py": {"TextArea"},
    "core/terminal/ssh/warming.py": {"Input", "Static"},  # an app of no meaning that nobody sees
}
"""The only places that may know a widget of Textual's own by name."""

RAW = {"Content", "Text", "styled", "from_text", "from_rich_text", "from_ansi"}
"""What makes content of a text as it stands."""

SAFE = {"words", "shown", "cell"}
"""What makes a text safe to show."""

NEVER = {"from_markup", "render_markup", "Markdown", "RichLog", "Placeholder", "Pretty"}

TITLES = {"border_title", "border_subtitle", "tooltip", "sub_title"}


def name_of(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def safe(node: ast.expr) -> bool:
    """Whether an expression can be a text that was made safe, as far as reading it tells."""
    match node:
        case ast.Constant():
            return "[" not in str(node.value)
        case ast.Call(func=func):
            return name_of(func) in SAFE | RAW | {"join", "assemble"} or (
                name_of(func) == "str" and all(safe(each) for each in node.args)
            )
        case ast.Attribute(attr="plain"):
            return True
        case ast.Subscript(value=value):
            return safe(value)
        case ast.IfExp(body=body, orelse=orelse):
            return safe(body) and safe(orelse)
        case ast.BinOp(left=left, right=right):
            return safe(left) and safe(right)
        case _:
            return False


def sinks(tree: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    """Every place in a file where raw text would be read as more than text."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module == "textual.widgets":
                for each in names:
                    if each.name not in IMPORTS.get(path, set()):
                        yield node.lineno, f"{each.name} of Textual's: use a widget of the kit"
            case ast.Constant(value=str(text)) if "@click" in text and not text.startswith("@click"):
                yield node.lineno, "a text with an action in it"
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in TITLES and not safe(value):
                yield node.lineno, f"{name} from raw text"
            case ast.Call(func=func, args=args, keywords=keywords):
                name = name_of(func)
                if name in NEVER:
                    yield node.lineno, f"{name} reads markup"
                for keyword in keywords:
                    if keyword.arg == "markup" and not (
                        isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                    ):
                        yield node.lineno, "markup switched on"
                    if keyword.arg in {"tooltip", "border_title"}:
                        yield node.lineno, f"{keyword.arg} reads markup"
                if name in RAW and path != "core/terminal/words.py" and args and not safe(args[0]):
                    yield node.lineno, f"{name} of raw text: use words()"
                if name == "assemble":
                    for each in args:
                        fine = (
                            safe(each.elts[0])
                            if isinstance(each, ast.Tuple)
                            else isinstance(each, ast.Name | ast.Starred)
                        )
                        if not (fine or safe(each)):
                            yield node.lineno, "assemble of raw text: use words()"
                if name == "notify" and not any(keyword.arg == "markup" for keyword in keywords):
                    yield node.lineno, "notify without markup=False: use app.say()"
            case _:
                pass


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_raw_text_reaches_what_reads_markup(path: Path):
    where = str(path.relative_to(ROOT))
    found = [f"{where}:{line} {what}" for line, what in sinks(ast.parse(path.read_text()), where)]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "from textual.widgets import Label",
        "Content(name)",
        "Content.styled(f'hello {name}')",
        "Content.from_markup('hello')",
        "Text(name)",
        "Content.assemble((name, 'bold'))",
        "Content.assemble(f'{name}')",
        "self.notify(name)",
        "Static('x', markup=True)",
        "Static('x', markup=wanted)",
        "self.border_title = name",
        "button.tooltip = f'{name}'",
        'x = "[@click=app.quit]x[/]"',
        "Content('[b]x[/]')",
    ],
)
def test_what_must_not_be_is_found(line: str):
    assert list(sinks(ast.parse(line), "tui/somewhere.py"))


@pytest.mark.parametrize(
    "line",
    [
        "Content.styled('▌ ', '$accent')",
        "Content(' ').join([words(name)])",
        "Content.assemble(words(name), ('  ', ''), part)",
        "self.say(name)",
        "Words(name, classes='quiet')",
        "Text(shown(name))",
    ],
)
def test_what_may_be_is_left_alone(line: str):
    assert list(sinks(ast.parse(line), "tui/somewhere.py")) == []
