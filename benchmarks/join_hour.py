"""What joining a long film costs: packets of about the real size, no picture in them worth looking at.

    python benchmarks/join_hour.py [--minutes 60] [--megabits 5.3]

Prints the seconds and the peak memory of joining, and the seconds that a plain copy of the film takes.
"""

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from storyreel.clock import Rate
from storyreel.render.encode import encode
from storyreel.render.join import join
from storyreel.render.overlay import Planes
from storyreel.render.packets import Packet, PacketRun
from storyreel.render.sound import BITS_A_SECOND, encode_sound
from storyreel.timeline.model import Timeline

RATE, PIECE_FRAMES, SIZE = Rate(), 60, (1920, 1080)


def set_up() -> tuple[PacketRun, PacketRun]:
    """A real piece and a real second of sound, for the set-ups that the file is made with."""

    def draw(planes: Planes) -> Iterator[None]:
        for _ in range(PIECE_FRAMES):
            for plane in planes:
                plane.fill(100)
            yield

    silent = Timeline(title="", rate=RATE, width_px=0, height_px=0, length_frames=30, clips=())
    return encode(draw, *SIZE, RATE, "standard"), encode_sound(silent, lambda blob: Path())


def write_parts(folder: Path, minutes: int, megabits: float) -> None:
    """One piece as it would be kept, and the sound of the whole film."""
    piece, second = set_up()
    size = round(megabits * 1e6 / 8 / RATE.fps)
    # A start code and no other: the file's writer looks for them.
    noise = b"\0\0\0\1" + np.random.default_rng(0).integers(1, 256, size).astype(np.uint8).tobytes()
    pictures = tuple(replace(packet, data=noise) for packet in piece.packets)
    (folder / "piece.packets").write_bytes(replace(piece, packets=pictures).to_bytes())
    count = minutes * 60 * 48_000 // 1024
    heard = noise[: BITS_A_SECOND // 8 * 1024 // 48_000]
    packets = tuple(Packet((k - 1) * 1024, (k - 1) * 1024, 1024, True, heard) for k in range(count + 1))
    (folder / "sound.packets").write_bytes(replace(second, packets=packets).to_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--megabits", type=float, default=5.3, help="of picture, a second")
    chosen = parser.parse_args()
    pieces = chosen.minutes * 60 * 30 // PIECE_FRAMES
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        # In a process of its own, so that the peak measured here is the joining's.
        writer = get_context("spawn").Process(target=write_parts, args=(folder, chosen.minutes, chosen.megabits))
        writer.start()
        writer.join()
        film, started_s, cpu_s = folder / "film.mp4", time.perf_counter(), time.process_time()
        frames = join(
            film,
            (PacketRun.from_bytes((folder / "piece.packets").read_bytes()) for _ in range(pieces)),
            PacketRun.from_bytes((folder / "sound.packets").read_bytes()),
            width_px=SIZE[0],
            height_px=SIZE[1],
            rate=RATE,
            quality="standard",
        )
        joined_s, cpu_s = time.perf_counter() - started_s, time.process_time() - cpu_s
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started_s = time.perf_counter()
        shutil.copyfile(film, folder / "copy.mp4")
        print(
            json.dumps(
                {
                    "frames": frames,
                    "film_mb": round(film.stat().st_size / 1e6),
                    "join_s": round(joined_s, 1),
                    "join_cpu_s": round(cpu_s, 1),
                    "copy_s": round(time.perf_counter() - started_s, 1),
                    "peak_memory_mb": round(peak_mb),
                }
            )
        )


if __name__ == "__main__":
    main()
