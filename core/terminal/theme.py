"""Every colour of the apps, in four forms: dark, light, sixteen colours, none.

One accent, one warning, one danger; everything else is ink on ground. CSS elsewhere names these variables only:
`$ground $ink $quiet $faint $line $field $field-focus $accent $warning $danger $good`, and for what must also show
without colour `$mark-style` (focus), `$field-style`, `$hint-style` (in an empty field), and in content `$muted`, which is
`$quiet` for what stands beside something typed or read and must not look like it.

    app.wear(Colours.LIGHT)
"""

from enum import StrEnum

from textual.theme import Theme


class Colours(StrEnum):
    """The forms that an app can wear."""

    DARK = "dark"
    LIGHT = "light"
    SIXTEEN = "sixteen"
    PLAIN = "plain"

    @property
    def words(self) -> str:
        """What a person calls it."""
        return {"dark": "Dark", "light": "Light", "sixteen": "Sixteen colours", "plain": "No colour"}[self.value]


def fitting(depth: str | None) -> Colours:
    """The form to start with on a terminal of this colour depth ("truecolor", "256", "standard", None for none)."""
    match depth:
        case "truecolor" | "256" | "windows":
            return Colours.DARK
        case None:
            return Colours.PLAIN
        case _:
            return Colours.SIXTEEN


def _rich(
    colours: Colours,
    *,
    dark: bool,
    ground: str,
    ink: str,
    quiet: str,
    faint: str,
    field: str,
    field_focus: str,
    accent: str,
    warning: str,
    danger: str,
    good: str,
) -> Theme:
    return Theme(
        name=colours,
        dark=dark,
        primary=accent,
        secondary=accent,
        accent=accent,
        warning=warning,
        error=danger,
        success=good,
        foreground=ink,
        background=ground,
        surface=field,
        panel=field,
        boost=field,
        text_alpha=1.0,
        variables={
            "ground": ground,
            "ink": ink,
            "quiet": quiet,
            "muted": quiet,
            "faint": faint,
            "line": faint,
            "field": field,
            "field-focus": field_focus,
            "danger": danger,
            "good": good,
            "mark-style": "bold",
            "field-style": "none",
            "hint-style": "none",
            "input-cursor-background": ink,
            "input-cursor-foreground": ground,
            "input-cursor-text-style": "none",
            "input-selection-background": faint,
            "input-selection-foreground": ink,
            "scrollbar": faint,
            "scrollbar-hover": quiet,
            "scrollbar-active": quiet,
            "scrollbar-background": ground,
            "scrollbar-background-hover": ground,
            "scrollbar-background-active": ground,
            "scrollbar-corner-color": ground,
            "border": faint,
            "border-blurred": faint,
        },
    )


def _ansi(colours: Colours, *, accent: str, warning: str, danger: str, good: str, quiet: str, faint: str) -> Theme:
    return Theme(
        name=colours,
        dark=True,
        ansi=True,
        primary=accent,
        secondary=accent,
        accent=accent,
        warning=warning,
        error=danger,
        success=good,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "ground": "ansi_default",
            "ink": "ansi_default",
            "quiet": quiet,
            "muted": f"{quiet} dim",
            "faint": faint,
            "line": faint,
            "field": "ansi_default",
            "field-focus": "ansi_default",
            "danger": danger,
            "good": good,
            "mark-style": "bold",
            "field-style": "underline",
            "hint-style": "underline dim",
            "input-cursor-background": "ansi_default",
            "input-cursor-foreground": "ansi_default",
            "input-cursor-text-style": "reverse",
            "input-selection-background": "ansi_default",
            "input-selection-foreground": "ansi_default",
            "scrollbar": faint,
            "scrollbar-hover": quiet,
            "scrollbar-active": quiet,
            "scrollbar-background": "ansi_default",
            "scrollbar-background-hover": "ansi_default",
            "scrollbar-background-active": "ansi_default",
            "scrollbar-corner-color": "ansi_default",
            "border": faint,
            "border-blurred": faint,
        },
    )


THEMES: dict[Colours, Theme] = {
    Colours.DARK: _rich(
        Colours.DARK,
        dark=True,
        ground="#15181e",
        ink="#d8dce3",
        quiet="#929aa8",
        faint="#4a5261",
        field="#1f242d",
        field_focus="#29303c",
        accent="#7fb8ea",
        warning="#e2b65f",
        danger="#ee8088",
        good="#8cc990",
    ),
    Colours.LIGHT: _rich(
        Colours.LIGHT,
        dark=False,
        ground="#fbfbf9",
        ink="#22262d",
        quiet="#5b636f",
        faint="#9aa1ab",
        field="#e6e6e1",
        field_focus="#d9e4f2",
        accent="#0b5cab",
        warning="#875300",
        danger="#b3261e",
        good="#2d6a33",
    ),
    Colours.SIXTEEN: _ansi(
        Colours.SIXTEEN,
        accent="ansi_cyan",
        warning="ansi_yellow",
        danger="ansi_red",
        good="ansi_green",
        quiet="ansi_default",
        faint="ansi_bright_black",
    ),
    Colours.PLAIN: _ansi(
        Colours.PLAIN,
        accent="ansi_default",
        warning="ansi_default",
        danger="ansi_default",
        good="ansi_default",
        quiet="ansi_default",
        faint="ansi_default",
    ),
}
"""The four forms, by name."""

EXACT: dict[Colours, Theme] = {
    Colours.DARK: _rich(
        Colours.DARK,
        dark=True,
        ground="#121212",
        ink="#dadada",
        quiet="#949494",
        faint="#585858",
        field="#1c1c1c",
        field_focus="#303030",
        accent="#87afd7",
        warning="#d7af5f",
        danger="#d78787",
        good="#87af87",
    ),
    Colours.LIGHT: _rich(
        Colours.LIGHT,
        dark=False,
        ground="#ffffff",
        ink="#262626",
        quiet="#585858",
        faint="#9e9e9e",
        field="#e4e4e4",
        field_focus="#d7d7ff",
        accent="#005faf",
        warning="#875f00",
        danger="#af0000",
        good="#005f00",
    ),
}
"""Dark and light in colours that a terminal of 256 has, as most over SSH are: the nearest to ours would be teal fields."""


def themes_for(depth: str | None) -> dict[Colours, Theme]:
    """The four forms as they look best on a terminal of this colour depth."""
    return THEMES | EXACT if depth == "256" else THEMES


PAPER = "rgb(255,255,255)"
"""The ground of a QR code: decoders want dark on light, whatever the theme (measured)."""

MODULE = "rgb(0,0,0)"
"""A dark module of a QR code."""
