"""Draw the pictures of the app, on the demo company of a fixed day: `./dev pictures`."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from textual.pilot import Pilot  # noqa: E402 (after the path is known)

from operations.demo import make  # noqa: E402 (after the path is known)
from storage.database import open_database  # noqa: E402
from storage.settings import Settings  # noqa: E402
from tui.app import CrmApp  # noqa: E402

DAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SIZE = (128, 34)
PICTURES = {
    "today": ("1",),
    "board": ("2", "right", "right", "down"),
    "details": ("enter",),
}
FONT = "ui-monospace, 'Cascadia Mono', 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, monospace"


async def draw(folder: Path) -> None:
    """Write one SVG a screen."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(
            database=str(Path(place) / "demo.db"), user="eva", timezone="Europe/Madrid"
        )
        database = open_database(settings)
        database.clock = lambda: DAY
        make(database)
        app = CrmApp(settings, database)
        async with app.run_test(size=SIZE) as pilot:
            for name, keys in PICTURES.items():
                for key in keys:
                    await pilot.press(key)
                    await settle(app, pilot)
                (folder / f"{name}.svg").write_text(at_home(app.export_screenshot()), "utf-8")


async def settle(app: CrmApp, pilot: Pilot[None]) -> None:
    """Wait until every thread has answered and all is painted."""
    for _ in range(5):
        while any(not worker.is_finished for worker in app.workers):  # noqa: ASYNC110 (threads set no event)
            await asyncio.sleep(0.01)
        await pilot.pause()


def at_home(svg: str) -> str:
    """Loads nothing from anywhere: the fonts named by address give way to those of the reader."""
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    svg = re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family:\s*Fira Code[^;]*;", f"font-family: {FONT};", svg)


if __name__ == "__main__":
    asyncio.run(draw(ROOT / "docs" / "pictures"))
