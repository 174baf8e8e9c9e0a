"""The inside of a vehicle before the world: what a driver sees past."""

from __future__ import annotations

import numpy as np

from storyreel.providers.offline.painter.buildings import box, downwards
from storyreel.providers.offline.painter.colour import hexed, mix, parse
from storyreel.providers.offline.painter.shapes import lay
from storyreel.providers.offline.painter.stage import Lamp, Stage


def windscreen(stage: Stage) -> None:
    """Headlights on the road by night, and before it all the frame, the dashboard, the wheel and the mirror."""
    w, h, u = stage.width, stage.height, stage.unit
    scheme = stage.scheme
    if scheme.lamps_lit:
        yy, xx = np.mgrid[-1 : 1 : complex(int(u * 26)), -1 : 1 : complex(int(u * 110))].astype(np.float32)
        pool = np.clip(1 - np.hypot(xx, yy), 0, 1) ** 1.2
        stage.shine(
            np.asarray(pool, np.float32), (1.0, 0.94, 0.78), 0.5, int(h * 0.7), int(w * 0.5 - pool.shape[1] / 2)
        )
    dark = mix(scheme.near, (0.02, 0.02, 0.025), 0.6)
    lit = mix(dark, scheme.lit, 0.14)
    dash = h * 0.8
    wheel_x, wheel_y, r = w * 0.33, h * 1.0, u * 27
    body = [
        f"<defs>{downwards('dash', lit, dark)}</defs>",
        f'<path fill-rule="evenodd" d="M0,0H{w}V{h}H0Z M{w * 0.1:.1f},{h * 0.07:.1f}Q{w * 0.5:.1f},{h * 0.025:.1f} {w * 0.9:.1f},{h * 0.07:.1f}L{w * 0.975:.1f},{dash:.1f}Q{w * 0.5:.1f},{dash - u * 6:.1f} {w * 0.025:.1f},{dash:.1f}Z" fill="{hexed(dark)}"/>',
        f'<path d="M0,{dash + u * 1:.1f}Q{w * 0.33:.1f},{dash - u * 7:.1f} {w * 0.56:.1f},{dash - u * 2:.1f}Q{w * 0.8:.1f},{dash - u * 4:.1f} {w},{dash + u:.1f}V{h}H0Z" fill="url(#dash)"/>',
        box(w * 0.46, h * 0.06, u * 26, u * 7, hexed(dark), f'rx="{u * 2.4:.1f}"'),
        box(w * 0.46 + u, h * 0.06 + u, u * 24, u * 5, hexed(mix(scheme.lower, dark, 0.5)), f'rx="{u * 1.8:.1f}"'),
    ]
    for k, x in enumerate((wheel_x - u * 10, wheel_x + u * 10)):
        body.append(
            f'<circle cx="{x:.1f}" cy="{h * 0.86:.1f}" r="{u * 6:.1f}" fill="{hexed(mix(dark, (0, 0, 0), 0.4))}" stroke="{hexed(lit)}" stroke-width="{u * 0.5:.1f}"/>'
        )
        for j in range(9):
            a = np.pi * (0.85 + 1.3 * j / 8)
            body.append(
                f'<circle cx="{x + np.cos(a) * u * 4.6:.1f}" cy="{h * 0.86 + np.sin(a) * u * 4.6:.1f}" r="{u * 0.3:.2f}" fill="{hexed(parse("#ffb860"))}"/>'
            )
        body.append(
            f'<path d="M{x:.1f},{h * 0.86:.1f}l{(-3 if k else 2) * u:.1f},{-u * 3:.1f}" stroke="#ff5a3a" stroke-width="{u * 0.4:.1f}"/>'
        )
    body.append(
        f'<circle cx="{wheel_x:.1f}" cy="{wheel_y:.1f}" r="{r:.1f}" fill="none" stroke="{hexed(mix(dark, scheme.lit, 0.1))}" stroke-width="{u * 3.4:.1f}"/>'
    )
    body.append(
        f'<circle cx="{wheel_x:.1f}" cy="{wheel_y:.1f}" r="{r + u * 1.2:.1f}" fill="none" stroke="{hexed(lit)}" stroke-width="{u * 0.4:.1f}" opacity="0.7"/>'
    )
    skin, sleeve = hexed(mix(parse("#b5805c"), dark, 0.5)), hexed(mix(parse("#3a4250"), dark, 0.5))
    for side in (-1, 1):
        hx, hy = wheel_x + side * r * 0.82, wheel_y - r * 0.58
        body.append(
            f'<path d="M{hx + side * u * 16:.1f},{h + u * 4:.1f}L{hx + side * u * 4:.1f},{hy + u * 4:.1f}" stroke="{sleeve}" stroke-width="{u * 9:.1f}" stroke-linecap="round"/>'
        )
        for k in range(4):
            a = np.arctan2(hy - wheel_y, hx - wheel_x) + side * (k - 1.5) * 0.1
            fx, fy = wheel_x + np.cos(a) * r, wheel_y + np.sin(a) * r
            body.append(
                f'<path d="M{fx + np.cos(a) * u * 2.6:.1f},{fy + np.sin(a) * u * 2.6:.1f}L{fx - np.cos(a) * u * 2.4:.1f},{fy - np.sin(a) * u * 2.4:.1f}" stroke="{skin}" stroke-width="{u * 2.5:.1f}" stroke-linecap="round"/>'
            )
        body.append(
            f'<ellipse cx="{hx + side * u * 2.4:.1f}" cy="{hy + u * 1.6:.1f}" rx="{u * 4:.1f}" ry="{u * 4.4:.1f}" fill="{skin}"/>'
        )
    stage.lamps.append(Lamp(wheel_x, h * 0.86, u * 20, parse("#ffb060"), 0.3 if scheme.lamps_lit else 0.05))
    lay(stage, "".join(body), rim=0.25)
