"""Every colour of the app, in one dark and one light theme. Styles name them; nothing else does."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="crm-dark",
    dark=True,
    primary="#4fb3a5",
    secondary="#8aa9d6",
    accent="#f2b84b",
    warning="#f2b84b",
    error="#ef6f6c",
    success="#7fc77f",
    foreground="#d8dee6",
    background="#12161c",
    surface="#171c24",
    panel="#1f2630",
    variables={
        "faint": "#76828f",
        "chosen": "#25423f",
        "line": "#2b3440",
        "footer-key-foreground": "#4fb3a5",
        "footer-background": "#171c24",
        "footer-description-foreground": "#9aa6b2",
        "scrollbar": "#2b3440",
        "scrollbar-hover": "#3a4656",
        "scrollbar-active": "#4fb3a5",
        "scrollbar-background": "#12161c",
        "scrollbar-background-hover": "#12161c",
        "scrollbar-background-active": "#12161c",
    },
)
LIGHT = Theme(
    name="crm-light",
    dark=False,
    primary="#12766a",
    secondary="#34568b",
    accent="#9a5b00",
    warning="#9a5b00",
    error="#b3261e",
    success="#2e7031",
    foreground="#1d252c",
    background="#f5f4f0",
    surface="#ffffff",
    panel="#e9e7e0",
    variables={
        "faint": "#5d6873",
        "chosen": "#cfe8e3",
        "line": "#d3d0c6",
        "footer-key-foreground": "#12766a",
        "footer-background": "#ffffff",
        "footer-description-foreground": "#4c5761",
        "scrollbar": "#c9c6bb",
        "scrollbar-hover": "#b3b0a5",
        "scrollbar-active": "#12766a",
        "scrollbar-background": "#f5f4f0",
        "scrollbar-background-hover": "#f5f4f0",
        "scrollbar-background-active": "#f5f4f0",
    },
)
THEMES = (DARK, LIGHT)
