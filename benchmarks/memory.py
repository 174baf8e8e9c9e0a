"""How much memory a render takes, for short and long films: it should not depend on the length."""

from __future__ import annotations

from material import FULL_HD
from report import Report
from setting import Setting

NAME, TITLE = "memory", "the most memory of a render, by the film's length"
MOST_MB = 700


def measure(setting: Setting) -> Report:
    """The command `storyreel render` on films of growing length."""
    report = Report(NAME, TITLE)
    lengths = (1, 5) if setting.quick else (1, 5, 10)
    peaks = []
    for minutes in (*lengths, *((60,) if setting.hour else ())):
        peak_mb = setting.rendered(minutes, FULL_HD).cost.peak_mb
        peaks.append(peak_mb)
        report.hold(f"{minutes} min of 1920 x 1080", f"{peak_mb:.0f} MB", peak_mb, at_most=MOST_MB, unit="MB")
    report.add("the longest / the shortest", f"{peaks[-1] / peaks[0]:.2f}")
    report.notes = [
        "VmHWM of the process (it starts no other), so pages mapped from libraries and files count; read every 30 ms "
        "until it ended. Films are rendered from nothing."
    ]
    return report
