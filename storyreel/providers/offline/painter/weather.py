"""What fills the air: rain, snow, fog, dust, embers, fireflies, leaves, and what they do to what lies behind."""

from __future__ import annotations

import cv2
import numpy as np

from storyreel.providers.offline.painter.colour import Colour, mix
from storyreel.providers.offline.painter.noise import sample, smooth
from storyreel.providers.offline.painter.stage import Lamp, Stage


def paint_weather(stage: Stage, veil: bool = True) -> None:
    """Everything that falls or drifts in front of the picture; without `veil` only what falls close to the viewer."""
    weather = stage.spec.weather
    if weather == "rain":
        rain(stage, 1.0, veil)
    elif weather == "storm":
        rain(stage, 1.5, veil)
    elif weather == "snow" and stage.air:
        snow(stage)
    elif weather == "fog" and veil:
        fog(stage, stage.horizon, 0.5)
        fog(stage, stage.height * 0.8, 0.35)
    elif weather == "dust" and veil:
        dust(stage)
    elif weather == "wind" and stage.air:
        leaves(stage)
    if not stage.air:
        return
    if stage.spec.has("fireflies"):
        motes(stage, 46, (0.95, 1.0, 0.45), 1.0, "fireflies")
    if stage.spec.has("embers"):
        motes(stage, 70, (1.0, 0.6, 0.2), 0.8, "embers")
    if stage.spec.has("petals"):
        leaves(stage, (0.96, 0.72, 0.78))


def rain(stage: Stage, amount: float, veiled: bool = True) -> None:
    """Slanting streaks at three distances, and the veil that far rain makes."""
    rng = stage.rng("rain")
    width, height = stage.width, stage.height
    slant = float(rng.choice([-1, 1])) * (0.34 if amount > 1.2 else 0.16)
    if veiled:
        y, x = np.mgrid[0:height:4, 0:width:4].astype(np.float32)
        veil = smooth(0.42, 0.85, sample("soft", (x - y * slant) * 0.55 + 200, y * 0.06 + 100))
        veil = np.asarray(cv2.resize(veil, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        stage.paint(veil, mix(stage.scheme.haze, stage.scheme.lower, 0.5), 0.17 * amount)
    if not stage.air:
        return
    # Before a bright sky drops look dark, before a dark one they catch the light.
    pale = sum(stage.scheme.lower) / 3 > 0.62
    colour = mix(stage.scheme.shade, stage.scheme.near, 0.2) if pale else mix(stage.scheme.lit, (0.85, 0.9, 1.0), 0.4)
    for count, length, thick, strength in ((900, 2.2, 1, 0.16), (420, 5.0, 1, 0.24), (90, 11.0, 2, 0.2)):
        layer = np.zeros((height, width), np.uint8)
        many = int(count * amount * stage.area)
        xs, ys = rng.uniform(-0.1, 1.1, many) * width, rng.uniform(-0.1, 1.0, many) * height
        long = rng.uniform(0.6, 1.3, many) * length * stage.unit
        thick_px = max(1, round(thick * stage.unit / 10.8))
        for x0, y0, span in zip(xs, ys, long, strict=True):
            a = (int(x0 * 8), int(y0 * 8))
            b = (int((x0 + span * slant) * 8), int((y0 + span) * 8))
            cv2.line(layer, a, b, int(rng.uniform(110, 255)), thick_px, cv2.LINE_AA, 3)
        mask = layer.astype(np.float32) / 255
        if thick > 1:
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.9 * stage.unit / 10.8 + 0.1), np.float32)
        stage.paint(mask, colour, min(0.9, strength * (1.0 + 0.5 * amount)))


def snow(stage: Stage) -> None:
    """Flakes from fine far ones to a few large soft near ones."""
    rng = stage.rng("snow")
    width, height = stage.width, stage.height
    area = stage.area
    white = mix(stage.scheme.lit, (1.0, 1.0, 1.0), 0.6)
    for count, size, blur, strength in (
        (1500, 0.11, 0.5, 0.55),
        (420, 0.22, 0.9, 0.7),
        (70, 0.55, 3.2, 0.6),
        (12, 1.5, 11.0, 0.4),
    ):
        layer = np.zeros((height, width), np.uint8)
        for _ in range(int(count * area)):
            radius = size * stage.unit * rng.uniform(0.55, 1.35)
            cv2.circle(
                layer, (int(rng.uniform(0, width) * 8), int(rng.uniform(0, height) * 8)), max(5, int(radius * 8)),
                int(rng.uniform(120, 255)), -1, cv2.LINE_AA, 3,
            )  # fmt: skip
        sigma = blur * stage.unit / 10.8
        if sigma > 4:
            small = cv2.resize(layer, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
            soft = cv2.resize(
                cv2.GaussianBlur(small, (0, 0), sigma / 4), (width, height), interpolation=cv2.INTER_LINEAR
            )
        else:
            soft = cv2.GaussianBlur(layer, (0, 0), max(0.4, sigma))
        stage.paint(soft.astype(np.float32) / 255, white, strength)


def fog(stage: Stage, row: float, strength: float, thick: float = 0.2, name: str = "fog") -> None:
    """A bank of fog lying along a row; `thick` is its half height as a share of the picture's."""
    rng = stage.rng(f"{name}{row:.0f}")
    off = float(rng.uniform(0, 900))
    y, x = np.mgrid[0 : stage.height : 4, 0 : stage.width : 4].astype(np.float32)
    k = 1080 / min(stage.width, stage.height)
    n = sample("soft", x * 0.4 * k + off, y * 1.5 * k + off)
    lies = np.exp(-(((y - row) / (stage.height * thick)) ** 2))
    mask = np.clip(lies * (0.35 + 1.1 * smooth(0.25, 0.8, n)), 0, 1)
    big = np.asarray(cv2.resize(mask, (stage.width, stage.height), interpolation=cv2.INTER_LINEAR), np.float32)
    stage.paint(big, stage.haze_row(), strength)


def dust(stage: Stage) -> None:
    """A wall of dust drifting across."""
    fog(stage, stage.horizon, 0.55, 0.3, "dust")
    fog(stage, stage.height * 0.75, 0.4, 0.2, "dust")
    motes(stage, 160, stage.scheme.glow, 0.35, "grains")


def motes(stage: Stage, count: int, colour: Colour, strength: float, name: str) -> None:
    """Small shining points hanging in the air."""
    rng = stage.rng(name)
    layer = np.zeros((stage.height, stage.width), np.uint8)
    low = 0.25 if name != "fireflies" else 0.45
    for i in range(count):
        x, y = rng.uniform(0, stage.width), stage.height * rng.uniform(low, 0.97)
        radius = stage.unit * rng.uniform(0.08, 0.26)
        cv2.circle(
            layer, (int(x * 8), int(y * 8)), max(5, int(radius * 8)), int(rng.uniform(120, 255)), -1, cv2.LINE_AA, 3
        )
        if i % 3 == 0 and strength > 0.5:
            stage.lamps.append(Lamp(float(x), float(y), stage.unit * 2.6, colour, 0.5 * strength))
    soft = cv2.GaussianBlur(layer, (0, 0), max(0.5, stage.unit / 18))
    stage.shine(soft.astype(np.float32) / 255, colour, strength)


def leaves(stage: Stage, colour: Colour | None = None) -> None:
    """Leaves or petals carried by the wind."""
    rng = stage.rng("leaves")
    layer = np.zeros((stage.height, stage.width), np.uint8)
    for _ in range(60):
        x, y = rng.uniform(0, stage.width), rng.uniform(0.1, 0.95) * stage.height
        long = stage.unit * rng.uniform(0.25, 0.9)
        axes = (max(1, int(long)), max(1, int(long * rng.uniform(0.25, 0.6))))
        cv2.ellipse(
            layer,
            (int(x), int(y)),
            axes,
            float(rng.uniform(0, 180)),
            0,
            360,
            int(rng.uniform(150, 255)),
            -1,
            cv2.LINE_AA,
        )
    ink = colour or mix(stage.scheme.near, (0.75, 0.45, 0.2), 0.3 + 0.5 * stage.scheme.local)
    stage.paint(layer.astype(np.float32) / 255, ink, 0.85)
