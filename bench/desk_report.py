"""The figures of the desk, as they are kept and as they are read."""

import json
import os
import platform
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT = HERE / "desk.json"
RESULTS = HERE / "RESULTS.md"
BEGIN, END = "<!-- bench desk: written by the bench from here -->", "<!-- bench desk: to here -->"
MOST = 1.5


def keep(key: str, run: dict[str, Any], *, part: bool) -> None:
    """Keep the figures of a run, or of a part of it beside those of before, and write the section anew."""
    runs: dict[str, Any] = json.loads(KEPT.read_text())["runs"] if KEPT.exists() else {}
    runs[key] = _with_some(runs[key], run) if part and key in runs else run
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}"
    KEPT.write_text(json.dumps({"machine": machine, "runs": runs}, indent=1) + "\n")
    before = RESULTS.read_text() if RESULTS.exists() else "# Figures\n"
    section = f"{BEGIN}\n## Desk\n\n{machine}.\n\n{table(runs)}\n{END}"
    if BEGIN in before:
        head, rest = before.split(BEGIN, 1)
        RESULTS.write_text(head + section + rest.split(END, 1)[1])
    else:
        RESULTS.write_text(before.rstrip("\n") + f"\n\n{section}\n")


def table(runs: dict[str, Any]) -> str:
    """A table for each database and size."""
    return "\n".join(_table(run) for run in runs.values())


def _with_some(before: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
    """A run of before with the rows that were measured anew, each of which says how and when."""
    when = {"measured": f"`{run['command']}`, {run['date']}"}
    return {**before, "rows": before["rows"] | {name: row | when for name, row in run["rows"].items()}}


def _table(run: dict[str, Any]) -> str:
    accounts, live, ended = run["size"]
    lines = [
        f"### {run['database']}: {accounts:,} accounts, {live:,} live and {ended:,} ended cases",
        "",
        f"`{run['command']}`, {run['date']}. Beside a town of a hundredth of the size, in turns; medians, in ms.",
        "",
        "| act | large | p90 | small | ratio | |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for name, row in run["rows"].items():
        verdict = "reported" if not row["asked"] else "met" if row["ratio"] <= MOST else f"MISSED: at most {MOST}"
        if "measured" in row:
            verdict += f" ({row['measured']})"
        lines.append(
            f"| {name} | {row['large_ms']} | {row['large_p90_ms']} | {row['small_ms']} | {row['ratio']} | {verdict} |"
        )
    return "\n".join([*lines, ""])
