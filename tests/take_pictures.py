"""Pictures of the program for the docs (界面截图): `python tests/take_pictures.py [PAGE …]`.

Serves an invented city, plays the scenes of `picture_scenes` on it and photographs each page:
every picture of docs/img is made anew, or those of the pages that are named.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser_desk import ServedCity
from browser_watch import CHROMIUM, FLAGS
from picture_scenes import PASSPHRASE, SCENES
from playwright.sync_api import sync_playwright

from kuaifan.app.continuity_keeper import ContinuityOptions
from kuaifan.app.gazetteer import make_gazetteer
from kuaifan.city.invent import invent_city

SEED = 110


def main(pages):
    """Make a city, play the scenes, keep the pictures; a desk of its own for each page."""
    unknown = [each for each in pages if each not in SCENES]
    if unknown:
        sys.exit(f"no such page: {', '.join(unknown)}; there are {', '.join(SCENES)}")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        invent_city(folder / "city", seed=SEED, size="small", progress=print_nothing)
        make_gazetteer(folder / "city", progress=print_nothing)
        secret = folder / "passphrase"
        secret.write_text(PASSPHRASE, encoding="utf-8")
        secret.chmod(0o600)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for page in pages or SCENES:
            own = folder / page
            own.mkdir()
            # A desk that keeps boards has a button for it; the others have no boards to keep.
            boards = ContinuityOptions(passphrase_file=secret, folder=own / "boards")
            kept = boards if page == "paper" else None
            with ServedCity(folder / "city", own, boards=kept) as desk:
                desk.man(24)
                SCENES[page](desk, browser)
        browser.close()


def print_nothing(_text):
    """City making says much."""


if __name__ == "__main__":
    main(sys.argv[1:])
