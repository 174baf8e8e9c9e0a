"""How cost grows from one film to ten thousand: look-ups, listing, pieces and ledgers of growing caches.

Nothing is painted or encoded: caches are filled with what ten, a hundred, ... times as many films leave behind, and the
same question is asked of each. What is flat costs a film of tomorrow what it costs today. Run with `make bench`, with
`python benchmarks/run.py scale`; `--quick` stops a step earlier.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from report import Report
from setting import Setting

from storyreel.clock import Rate
from storyreel.memo.blob import Blob
from storyreel.memo.journal import Line
from storyreel.memo.ledger import Ledger
from storyreel.memo.results import Results, _seal
from storyreel.memo.store import Store
from storyreel.progress import Progress
from storyreel.project import Project, Record
from storyreel.recipes.prune import prune_after_render
from storyreel.recipes.shelf import list_films
from storyreel.settings import Settings
from storyreel.timeline.model import Clip, Cue, CueWord, Timeline

NAME, TITLE = "scale", "how cost grows with the number of films"
KEYS = (1_000, 10_000, 100_000, 1_000_000)
PROJECTS = (100, 1_000, 10_000)
PIECES = (1_000, 10_000, 100_000)
ENTRIES = (1_000, 10_000, 100_000)
LOOKUPS = 300
FLAT = 3.0
"""At most so many times as long for a hundred or a thousand times as much."""


def best_s(work: Callable[[], object], runs: int = 3) -> float:
    """The processor time of the best of a few runs: others use this machine, too."""
    times = []
    for _ in range(runs):
        started_s = time.process_time()
        work()
        times.append(time.process_time() - started_s)
    return min(times)


def measure(setting: Setting) -> Report:
    """Growth curves of everything that is looked up, listed, kept and paid."""
    report = Report(NAME, TITLE)
    last = -1 if setting.quick else None
    _memo(report, setting.folder / "memo", KEYS[:last])
    _shelf(report, setting.folder / "shelf", PROJECTS[:last])
    _pieces(report, setting.folder / "pieces", PIECES[:last])
    _ledger(report, setting.folder / "ledger", ENTRIES[:last])
    report.notes.append(
        f"CPU time, the best of three; a row with a goal is flat where the largest takes at most {FLAT:g} times what "
        "the smallest takes (or is too short to matter). A film keeps about a thousand results and up to 1,800 "
        "pieces an hour, so ten thousand films a day are ten million keys: more than one cache should hold."
    )
    return report


def curve(report: Report, what: str, unit: str, measured: dict[int, float], *, flat_below: float | None = None) -> None:
    """One row: a figure for each size; with `flat_below` it is held to be flat, unless all is below that."""
    text = " / ".join(f"{value:.3g}" for value in measured.values()) + f" {unit}"
    sizes = " / ".join(f"{size:,}" for size in measured)
    if flat_below is None:
        report.add(f"{what}, {sizes}", text)
        return
    values = list(measured.values())
    growth = max(values) / max(min(values), 1e-9) if max(values) > flat_below else 1.0
    report.hold(f"{what}, {sizes}", text, growth, at_most=FLAT, unit="x")


def _memo(report: Report, folder: Path, sizes: tuple[int, ...]) -> None:
    results = Results(folder)
    results.set("first/one@1/0", "1")
    found, missed, kept, size_mb = {}, {}, {}, {}
    count = 0
    for size in sizes:
        with results._cache.transact():  # type: ignore[union-attr]  # one fsync for all that only fills
            for number in range(count, size):
                results._cache.set(_key(number), _seal(_key(number), "x" * 200) + "x" * 200)
        count = size
        asked = [_key(number * size // LOOKUPS) for number in range(LOOKUPS)]
        found[size] = best_s(partial(_ask, results, asked)) / LOOKUPS * 1e6
        missed[size] = best_s(partial(_ask, results, [key + "x" for key in asked])) / LOOKUPS * 1e6
        kept[size] = best_s(lambda: [results.set(f"new/{n}", "x" * 200, lasting=False) for n in range(100)]) / 100 * 1e6
        size_mb[size] = sum(path.stat().st_size for path in folder.glob("cache.db*")) / 1e6
    curve(report, "a result found, of so many", "us", found, flat_below=0)
    curve(report, "a result missed", "us", missed, flat_below=0)
    curve(report, "a result kept", "us", kept, flat_below=0)
    curve(report, "the index's size", "MB", size_mb)
    results.close()
    shutil.rmtree(folder)


def _ask(results: Results, keys: list[str]) -> None:
    for key in keys:
        results.get(key)


def _key(number: int) -> str:
    # As real ones: a thousand results a film, then a digest.
    return f"film-{number // 1000}/render.render_chunk@1/{number * 2654435761 % 2**64:064x}"


def _timeline() -> Timeline:
    """Of a film of some ten minutes: 100 pictures, 300 captions."""
    words = tuple(CueWord(text="lighthouse", start_frame=0, end_frame=9) for _ in range(6))
    return Timeline(
        title="Lamp",
        rate=Rate(num=30),
        width_px=1920,
        height_px=1080,
        length_frames=18_000,
        clips=tuple(Clip(id=f"s{n}", asset=None, start_frame=180 * n, length_frames=180) for n in range(100)),
        cues=tuple(Cue(start_frame=60 * n, length_frames=60, lines=(words,)) for n in range(300)),
    )


def _shelf(report: Report, cache: Path, sizes: tuple[int, ...]) -> None:
    record = Record(recipe="title", inputs={"title": "Lamp"}, crew={}, settings=Settings())
    cache.mkdir(parents=True)
    (cache / "timeline.json").write_text(_timeline().model_dump_json())
    (cache / "film.mp4").write_bytes(b"film")
    everything, again, page = {}, {}, {}
    count = 0
    for size in sizes:
        for number in range(count, size):
            project = Project(f"film-{number}", cache)
            project.save_record(record)
            for name in ("timeline.json", "film.mp4"):
                os.link(cache / name, project.folder / name)
        count = size
        everything[size] = best_s(lambda: list_films(cache), 1)
        again[size] = best_s(lambda: list_films(cache), 2)
        page[size] = best_s(lambda: list_films(cache, most=40)) * 1000
    curve(report, "all films listed for the first time", "s", everything)
    curve(report, "all films listed again", "s", again)
    curve(report, "the 40 that changed last, as the studio lists them", "ms", page)
    shutil.rmtree(cache)


def _pieces(report: Report, cache: Path, sizes: tuple[int, ...]) -> None:
    project = Project("film", cache)
    store = Store(cache / "store")
    found, kept, looked_over = {}, {}, {}
    count = 0
    for size in sizes:
        for number in range(count, size):
            digest = f"{number * 2654435761 % 2**64:064x}"[::-1]
            path = store.root / "files" / digest[:2] / f"{digest}.packets"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"piece")
        count = size
        blobs = [store.put_bytes(f"{size} {number}".encode(), ".packets") for number in range(50)]
        found[size] = best_s(partial(_find, cache, blobs)) / 50 * 1e6
        kept[size] = best_s(lambda: [store.put_bytes(os.urandom(64), ".packets") for _ in range(50)]) / 50 * 1e6
        looked_over[size] = best_s(lambda: prune_after_render(project, 5)) * 1000
    curve(report, "a piece found, of so many files", "us", found, flat_below=0)
    curve(report, "a piece kept", "us", kept, flat_below=0)
    curve(report, "the look at what pieces take after each render", "ms", looked_over, flat_below=5)
    shutil.rmtree(cache)


def _find(cache: Path, blobs: list[Blob]) -> None:
    fresh = Store(cache / "store")
    for blob in blobs:
        fresh.path(blob)


def _ledger(report: Report, cache: Path, sizes: tuple[int, ...]) -> None:
    folder = cache / "projects" / "film"
    folder.mkdir(parents=True)
    path = folder / "ledger.jsonl"
    store = Store(cache / "store")
    size_mb, opened, asked, spent = {}, {}, {}, {}
    answer = store.put_bytes(b"answer", ".json")
    for size in sizes:
        with path.open("wb") as file:
            for number in range(size):
                what = f"{number:064x}"
                for line in (
                    Line(at_s=1.7e9, kind="intent", id=what, provider="openai", endpoint="https://a.example/v1/images",
                         step="illustrate", model="m", expected_usd=Decimal("0.04")),
                    Line(at_s=1.7e9, kind="answered", id=what, price_usd=Decimal("0.04"), answer=answer, took_s=9.0),
                ):  # fmt: skip
                    file.write(line.model_dump_json(exclude_defaults=True).encode() + b"\n")
        size_mb[size] = path.stat().st_size / 1e6

        def fresh() -> Ledger:
            return Ledger(folder, store, Progress())

        opened[size] = best_s(lambda: fresh().spent_usd(), 2)
        ledger = fresh()
        ledger.spent_usd()
        spent[size] = best_s(ledger.spent_usd) * 1e6
        bought = iter(range(10**6))

        def buy(ledger: Ledger = ledger, bought: object = bought, size: int = size) -> None:
            body = {"prompt": f"{size} {next(bought)}"}  # type: ignore[call-overload]
            ledger.ask("openai", "/v1/images", body, lambda: (b"answer", Decimal("0.04")))  # type: ignore[arg-type,return-value]

        asked[size] = best_s(lambda: [buy() for _ in range(10)]) / 10 * 1000
    curve(report, "a ledger's size, with so many paid calls", "MB", size_mb)
    curve(report, "read for the first time in a process", "s", opened)
    curve(report, "what was spent, asked again", "us", spent, flat_below=1000)
    curve(report, "one more paid call", "ms", asked, flat_below=0)
    shutil.rmtree(cache)
