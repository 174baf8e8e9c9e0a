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
from dataclasses import replace
from pathlib import Path

import numpy as np

from storyreel.clock import Rate
from storyreel.render.encode import encode
from storyreel.render.join import join
from storyreel.render.packets import Packet, PacketRun
from storyreel.render.sound import BITS_A_SECOND, encode_sound
from storyreel.timeline.model import Timeline

RATE, PIECE_FRAMES, SIZE = Rate(), 60, (1920, 1080)


def set_up() -> tuple[PacketRun, PacketRun]:
    """A real piece and a real second of sound, for the set-ups that the file is made with."""

    def draw(planes):
        for _ in range(PIECE_FRAMES):
            for plane in planes:
                plane.fill(100)
            yield

    silent = Timeline(title="", rate=RATE, width_px=0, height_px=0, length_frames=30, clips=())
    return encode(draw, *SIZE, RATE, "standard"), encode_sound(silent, lambda blob: Path())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--megabits", type=float, default=5.3, help="of picture, a second")
    chosen = parser.parse_args()
    frames = chosen.minutes * 60 * 30
    piece, second = set_up()
    # A start code and no other: the file's writer looks for them.
    noise = (
        b"\0\0\0\1"
        + np.random.default_rng(0).integers(1, 256, round(chosen.megabits * 1e6 / 8 / 30)).astype(np.uint8).tobytes()
    )
    with tempfile.TemporaryDirectory(dir=".") as folder:
        kept = Path(folder, "piece.packets")
        kept.write_bytes(replace(piece, packets=tuple(replace(p, data=noise) for p in piece.packets)).to_bytes())
        count = chosen.minutes * 60 * 48_000 // 1024
        heard = noise[: BITS_A_SECOND // 8 * 1024 // 48_000]
        packets = tuple(Packet((k - 1) * 1024, (k - 1) * 1024, 1024, True, heard) for k in range(count + 1))
        sound = Path(folder, "sound.packets")
        sound.write_bytes(replace(second, packets=packets).to_bytes())
        del packets
        before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        film = Path(folder, "film.mp4")
        started_s = time.perf_counter()
        cpu_s = time.process_time()
        joined = join(
            film,
            (PacketRun.from_bytes(kept.read_bytes()) for _ in range(frames // PIECE_FRAMES)),
            PacketRun.from_bytes(sound.read_bytes()),
            width_px=SIZE[0],
            height_px=SIZE[1],
            rate=RATE,
            quality="standard",
        )
        joined_s, cpu_s = time.perf_counter() - started_s, time.process_time() - cpu_s
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started_s = time.perf_counter()
        shutil.copyfile(film, Path(folder, "copy.mp4"))
        copied_s = time.perf_counter() - started_s
        print(
            json.dumps(
                {
                    "frames": joined,
                    "film_mb": round(film.stat().st_size / 1e6),
                    "join_s": round(joined_s, 1),
                    "join_cpu_s": round(cpu_s, 1),
                    "copy_s": round(copied_s, 1),
                    "peak_memory_mb": round(peak_mb),
                    "of_it_before_mb": round(before_mb),
                }
            )
        )


if __name__ == "__main__":
    main()
