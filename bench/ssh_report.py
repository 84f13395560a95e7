"""The figures of serving over SSH, as they are kept and as they are read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT = HERE / "ssh.json"
RESULTS = HERE / "RESULTS.md"
BEGIN, END = "<!-- bench ssh: written by the bench from here -->", "<!-- bench ssh: to here -->"
COLUMNS = {"ours": "Lockwright", "wish": "wish (Go)", "openssh": "OpenSSH + a process"}
Stages = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: where it is kept, and what is asked of it."""

    words: str
    stage: str
    path: tuple[str, ...]
    must: str = ""
    aim: str = ""


ROWS = [
    *(
        Row(f"request to first full frame, {size}, p90, ms", "frames", (size, "frame_p90_ms"), "12", "6")
        for size in ("80x24", "120x40", "132x43", "200x60")
    ),
    Row("the same, 80x24, median, ms", "frames", ("80x24", "frame_ms")),
    Row("the same, 200x60, median, ms", "frames", ("200x60", "frame_ms")),
    Row("connect to frame, whole, 80x24, median, ms", "frames", ("80x24", "whole_ms"), "16", "8"),
    Row("CPU per session start, 80x24, ms", "frames", ("80x24", "cpu_ms"), "12", "8"),
    Row("CPU per session start, 200x60, ms", "frames", ("200x60", "cpu_ms"), "12", "8"),
    Row("memory (PSS) per session at rest on the first screen, at 100, MB", "resting", ("mb_each",), "6", "4"),
    Row("memory (PSS) per session in the sign-in form, at 10, MB", "load", ("10", "mb_each"), "6", "4"),
    Row("key to paint at 10, p50, ms", "load", ("10", "key_p50_ms")),
    Row("key to paint at 10, p99, ms", "load", ("10", "key_p99_ms")),
    *(
        row
        for level, stage, most, aim in (
            ("100", "load", "15", "10"),
            ("300", "load", "30", "15"),
            ("1000", "thousand", "", ""),
        )
        for row in (
            Row(f"memory (PSS) per session in the sign-in form, at {level}, MB", stage, (level, "mb_each"), "6", "4"),
            Row(
                f"idle CPU at {level}, % of a core",
                stage,
                (level, "idle_percent"),
                "1" if level == "300" else "",
                "0.3" if level == "300" else "",
            ),
            Row(f"key to paint at {level}, p50, ms", stage, (level, "key_p50_ms")),
            Row(f"key to paint at {level}, p99, median of the runs, ms", stage, (level, "key_p99_ms"), most, aim),
            Row(f"keys lost at {level}", stage, (level, "keys_missed"), "0"),
            Row(f"seconds until {level} were there", stage, (level, "ramp_s")),
        )
    ),
    Row("memory (PSS) per session at rest in Settings, signed in, MB", "signed_in", ("mb_each",), "6", "4"),
    Row("idle CPU at 300 signed in, % of a core", "signed_in", ("idle_percent",), "1", "0.3"),
    *(
        Row(f"of it {whose}", "signed_in", ("of_these", name))
        for name, whose in (("session", "the sessions'"), ("front", "the front's"), ("clerk", "the clerk's"))
    ),
    Row("key to paint of the others, quiet, p99, ms", "signing_in", ("quiet_p99_ms",)),
    Row("the same while 32 sign in at once, p99, ms", "signing_in", ("busy_p99_ms",)),
    Row("the one over the other", "signing_in", ("ratio",), "3", "2"),
    Row("after 2,000 sessions: processes left", "left_behind", ("processes",), "0"),
    Row("after 2,000 sessions: descriptors left in the front", "left_behind", ("descriptors",), "0"),
    Row("after 2,000 sessions: kB each in the front", "left_behind", ("kb_each_in_front",), "10"),
    *(
        Row(f"processors taken by other programs before and after '{stage}', %", stage, ("others_percent",))
        for stage in ("frames", "resting", "signed_in", "load", "signing_in", "left_behind", "thousand")
    ),
]


def kept() -> Stages:
    """What earlier runs have written."""
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def keep(stages: Stages) -> None:
    """Write the figures, and the section that is made from them; what people wrote around it stays."""
    KEPT.write_text(json.dumps(stages, indent=1) + "\n")
    text = RESULTS.read_text() if RESULTS.exists() else f"# Figures\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    RESULTS.write_text(f"{before}{BEGIN}\n## Serving\n\n{_runs(stages)}\n\n{table(stages)}\n\n{END}{after}")


def _runs(stages: Stages) -> str:
    """Machine, command and date of each stage, and what could not be measured."""
    machines = dict.fromkeys(stage["machine"] for stage in stages.values())
    lines = [*(f"{machine}." for machine in machines), ""]
    lines += [f"- {name}: `{stage['command']}`, {stage['date']}" for name, stage in stages.items()]
    for name, stage in stages.items():
        for subject, figures in stage["figures"].items():
            for key, words in (("missing", "not installed"), ("failed", "not finished")):
                if key in figures:
                    lines.append(f"- {name}, {COLUMNS[subject]}: {words}, {figures[key]}")
    return "\n".join(lines)


def _cell(stages: Stages, row: Row, subject: str) -> str:
    found: Any = stages.get(row.stage, {}).get("figures", {}).get(subject, {})
    for step in row.path:
        found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, list):
        return ", ".join(str(part) for part in found)
    return "" if found is None else str(round(found, 2))


def table(stages: Stages) -> str:
    """Ours, what must be and what is aimed at, and the peers."""
    lines = [
        f"| | {COLUMNS['ours']} | must | aim | " + " | ".join(list(COLUMNS.values())[1:]) + " |",
        "|---" * (len(COLUMNS) + 3) + "|",
    ]
    for row in ROWS:
        cells = [_cell(stages, row, subject) for subject in COLUMNS]
        if any(cells):
            lines.append(f"| {row.words} | {cells[0]} | {row.must} | {row.aim} | {' | '.join(cells[1:])} |")
    return "\n".join(lines)
