"""The colours of each kind of light, and how a story's palette and a picture's feeling bend them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from storyreel.providers.offline.painter.colour import (
    Array,
    Colour,
    from_oklab,
    lab,
    luminance,
    mix,
    parse,
    shift,
    to_oklab,
    triple,
)
from storyreel.providers.offline.painter.spec import EmotionName, LightName, SceneSpec


@dataclass(frozen=True, slots=True)
class Scheme:
    """The light of a picture.

    Attributes:
        zenith, upper, lower, horizon: the sky from top to horizon.
        glow: the colour of the air around the sun or moon.
        disc: the sun's or moon's own colour.
        haze: what far things fade into.
        near: the colour of the nearest, darkest shapes.
        lit: the light that falls on things.
        shade: the light in the shadows.
        deep: deep water under this sky.
        cloud_lit, cloud_shade: clouds, towards the light and away from it.
        lamp: the colour of lit windows, lanterns and fires.
        disc_height: height of the disc above the horizon as a share of the sky, 0 at the horizon; negative hides it.
        disc_size: radius as a share of the picture's shorter side.
        glow_reach: how far the glow reaches, as a share of the width.
        local: how much of things' own colours is seen, 0 for black shapes.
        stars: how many stars, 0 to 1.
        rim: strength of the bright edge on shapes before the light.
        lamps_lit: windows and lamps shine.
        moon: the disc is a moon.
    """

    zenith: Colour
    upper: Colour
    lower: Colour
    horizon: Colour
    glow: Colour
    disc: Colour
    haze: Colour
    near: Colour
    lit: Colour
    shade: Colour
    deep: Colour
    cloud_lit: Colour
    cloud_shade: Colour
    lamp: Colour
    disc_height: float
    disc_size: float
    glow_reach: float
    local: float
    stars: float
    rim: float
    lamps_lit: bool
    moon: bool


_ORDER = (
    "zenith", "upper", "lower", "horizon", "glow", "disc", "haze", "near", "lit", "shade", "deep", "cloud_lit",
    "cloud_shade", "lamp",
)  # fmt: skip


def _scheme(
    colours: str,
    *,
    disc_height: float,
    disc_size: float,
    glow_reach: float,
    local: float,
    stars: float,
    rim: float,
    lamps_lit: bool,
    moon: bool = False,
) -> Scheme:
    """A scheme from fourteen colours in the order of the fields."""
    values = {name: parse(code) for name, code in zip(_ORDER, colours.split(), strict=True)}
    return Scheme(
        **values, disc_height=disc_height, disc_size=disc_size, glow_reach=glow_reach, local=local, stars=stars,
        rim=rim, lamps_lit=lamps_lit, moon=moon,
    )  # fmt: skip


SCHEMES: dict[LightName, Scheme] = {
    "dawn": _scheme(
        "#5d7fb2 #93a6c8 #e6b9b6 #ffd9b0 #ffd7a3 #fff3dc #d9b6b8 #1f2440 #ffdfc0 #6c7aa6 #39557d #ffd6c4 #8e92b8 #ffcf87",
        disc_height=0.12, disc_size=0.045, glow_reach=0.42, local=0.42, stars=0.0, rim=0.75, lamps_lit=False,
    ),
    "golden": _scheme(
        "#4e86b4 #8fb2bf #f2cf98 #ffe2a4 #ffd27a #fff6d8 #eec48d #2c1f22 #ffdca0 #7a6a78 #3d6076 #ffe4b0 #b58f84 #ffc873",
        disc_height=0.26, disc_size=0.05, glow_reach=0.5, local=0.58, stars=0.0, rim=0.95, lamps_lit=False,
    ),
    "noon": _scheme(
        "#2f7fd0 #5aa4e2 #a5d3f0 #dcf0f5 #fffbe6 #ffffff #c3e0ec #24424a #fffdf2 #7fa0bd #17628f #ffffff #b4cbe0 #ffe6a8",
        disc_height=0.86, disc_size=0.035, glow_reach=0.3, local=0.95, stars=0.0, rim=0.25, lamps_lit=False,
    ),
    "sunset": _scheme(
        "#3a2a66 #8b3f7c #ea6a52 #ffb45c #ff9a48 #fff0c0 #d9694f #1d1430 #ffa765 #54407a #45305e #ff9c6a #6d3f72 #ffc066",
        disc_height=0.1, disc_size=0.07, glow_reach=0.5, local=0.26, stars=0.08, rim=1.0, lamps_lit=True,
    ),
    "dusk": _scheme(
        "#15204a #2b3f78 #6a6aa0 #e0a08c #e8a48c #ffe6cf #6f78a6 #0f1730 #a9b4dc #2f3d6c #1d3158 #b98f9f #46507f #ffc16a",
        disc_height=-0.05, disc_size=0.05, glow_reach=0.5, local=0.3, stars=0.3, rim=0.5, lamps_lit=True,
    ),
    "moon": _scheme(
        "#0a1533 #16295a #2e5084 #6487b2 #a9c8ea #f3f6ff #4a6c9a #070e20 #bcd4f6 #223660 #12294e #9ab4d8 #22365e #ffbf66",
        disc_height=0.55, disc_size=0.062, glow_reach=0.42, local=0.34, stars=0.55, rim=0.85, lamps_lit=True, moon=True,
    ),
    "night": _scheme(
        "#081028 #102048 #22406f #5b80b2 #6f90c0 #f0f4ff #406294 #080f20 #acc4ee #20345e #0e2142 #526fa0 #16254a #ffb95e",
        disc_height=-1.0, disc_size=0.04, glow_reach=0.5, local=0.34, stars=1.0, rim=0.5, lamps_lit=True,
    ),
    "fire": _scheme(
        "#090a18 #15132a #2a1c34 #4c2a34 #ff9a46 #ffd9a0 #3a2430 #0a070c #ffb066 #2a1a26 #150f20 #7a4a3c #1e1626 #ffb050",
        disc_height=-1.0, disc_size=0.04, glow_reach=0.5, local=0.3, stars=0.8, rim=0.9, lamps_lit=True,
    ),
    "neon": _scheme(
        "#0c0a24 #1e1246 #4a1d72 #a03a90 #ff4fa8 #ffe0ff #5a2a80 #07061a #ff7fd0 #221650 #120c34 #a04a9c #22123f #ff5fb0",
        disc_height=-1.0, disc_size=0.04, glow_reach=0.5, local=0.25, stars=0.05, rim=1.0, lamps_lit=True,
    ),
    "storm": _scheme(
        "#1b2630 #2c3b48 #4a5c66 #8296a0 #9fb6c0 #e6f2f6 #5c7079 #0c1318 #b4c6d0 #33434e #17303c #7d909a #222d36 #ffc878",
        disc_height=-1.0, disc_size=0.04, glow_reach=0.5, local=0.38, stars=0.0, rim=0.55, lamps_lit=True,
    ),
    "overcast": _scheme(
        "#8fa0ad #a9b7c0 #c6d0d3 #dfe3de #eef0e8 #ffffff #b9c4c8 #2b363d #e8ecea #7d8b95 #5a727e #e3e7e6 #95a3ad #ffd9a0",
        disc_height=-1.0, disc_size=0.05, glow_reach=0.5, local=0.62, stars=0.0, rim=0.25, lamps_lit=False,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feeling:
    """What an emotion does to a picture.

    Attributes:
        saturation, contrast: factors on chroma and on the distance from middle grey.
        warmth: turn towards orange (above 0) or blue, in OKLab b.
        figure: factor on a figure's height.
        tilt_deg: how far the horizon leans, at most.
        vignette: how dark the corners are, 0 to 1.
        lift: how much lighter the whole is, in OKLab L.
    """

    saturation: float = 1.0
    contrast: float = 1.0
    warmth: float = 0.0
    figure: float = 1.0
    tilt_deg: float = 0.0
    vignette: float = 0.3
    lift: float = 0.0


FEELINGS: dict[EmotionName, Feeling] = {
    "calm": Feeling(),
    "lonely": Feeling(saturation=0.84, warmth=-0.012, figure=0.62, vignette=0.36),
    "tense": Feeling(saturation=0.94, contrast=1.14, tilt_deg=3.2, vignette=0.48, lift=-0.015),
    "hopeful": Feeling(saturation=1.06, warmth=0.016, lift=0.02, vignette=0.22),
    "grief": Feeling(saturation=0.58, contrast=0.95, warmth=-0.008, figure=0.85, vignette=0.4, lift=-0.015),
    "joy": Feeling(saturation=1.14, warmth=0.014, lift=0.025, vignette=0.18),
    "wonder": Feeling(saturation=1.1, contrast=1.03, figure=0.85, vignette=0.3),
    "fear": Feeling(saturation=0.78, contrast=1.16, warmth=-0.014, tilt_deg=2.0, vignette=0.55, lift=-0.02),
    "tender": Feeling(saturation=0.98, contrast=0.95, warmth=0.018, vignette=0.28, lift=0.01),
    "awe": Feeling(saturation=1.05, contrast=1.05, figure=0.7, vignette=0.34),
}


def scheme_of(spec: SceneSpec) -> Scheme:
    """The light of a picture, bent to its weather and its palette."""
    scheme = SCHEMES[spec.light]
    if spec.weather == "fog":
        scheme = _changed(scheme, lambda c: shift(mix(c, scheme.haze, 0.35), chroma=0.8), keep=("lamp", "near"))
    elif spec.weather in ("rain", "storm") and spec.light not in ("storm", "neon", "fire"):
        # No sun shines through rain: what stays of a low sun is a little warmth along the horizon.
        dark = spec.weather == "storm" or spec.light in ("dusk", "moon", "night", "sunset")
        grey = SCHEMES["storm"] if dark else SCHEMES["overcast"]
        scheme = _changed_by(scheme, grey, 0.55 if spec.light in ("moon", "night") else 0.82)
        scheme = replace(
            scheme, stars=0.0, disc_height=-1.0, lamps_lit=True, rim=max(0.4, min(scheme.rim, 0.6)), local=grey.local
        )
    elif spec.weather == "clouds" and spec.light in ("golden", "sunset", "dawn", "noon"):
        # Light under a dark lid of cloud: the sky overhead goes to slate, the strip along the horizon keeps its sun.
        slate = SCHEMES["storm"]
        scheme = replace(
            scheme,
            zenith=mix(scheme.zenith, slate.zenith, 0.75), upper=mix(scheme.upper, slate.upper, 0.7),
            lower=mix(scheme.lower, slate.lower, 0.45), cloud_shade=mix(scheme.cloud_shade, slate.cloud_shade, 0.8),
            cloud_lit=mix(scheme.cloud_lit, slate.cloud_lit, 0.35), haze=mix(scheme.haze, slate.haze, 0.3),
            shade=mix(scheme.shade, slate.shade, 0.5), deep=mix(scheme.deep, slate.deep, 0.6),
            disc_height=min(scheme.disc_height, 0.1), lamps_lit=True, local=scheme.local * 0.8,
        )  # fmt: skip
    elif spec.weather == "snow":
        scheme = _changed(scheme, lambda c: shift(c, lightness=0.03, chroma=0.75), keep=("lamp", "near"))
        scheme = replace(scheme, stars=scheme.stars * 0.3)
    elif spec.weather == "dust":
        tan = parse("#d8a868")
        scheme = _changed(scheme, lambda c: mix(c, mix(tan, c, 0.4), 0.5), keep=("lamp", "near"))
    if spec.has("lit_window") and spec.light != "noon":
        scheme = replace(scheme, lamps_lit=True)
    if spec.palette:
        share = palette_share(spec)
        scheme = _changed(scheme, lambda c: bend(c, spec.palette, share), keep=("lamp",))
    return scheme


def palette_share(spec: SceneSpec) -> float:
    """How far the story's palette pulls at a picture: grey weather stays grey, whatever gold the story has."""
    if spec.weather in ("rain", "storm", "fog") or spec.light in ("overcast", "storm"):
        return 0.16
    return 0.2 if spec.light == "noon" else 0.32


def _changed(scheme: Scheme, change: Callable[[Colour], Colour], keep: tuple[str, ...]) -> Scheme:
    values: dict[str, Any] = {name: change(getattr(scheme, name)) for name in _ORDER if name not in keep}
    return replace(scheme, **values)


def _changed_by(scheme: Scheme, other: Scheme, share: float) -> Scheme:
    values: dict[str, Any] = {
        name: mix(getattr(scheme, name), getattr(other, name), share) for name in _ORDER if name != "lamp"
    }
    return replace(scheme, **values)


def bend(colour: Colour, palette: tuple[Colour, ...], share: float) -> Colour:
    """A colour drawn towards its nearest relatives in a palette, its lightness kept for the most part.

    The pull is an average over the palette weighted by nearness in OKLab (lightness counting half), so close colours
    stay apart and no colour jumps.
    """
    value = lab(colour)
    labs = to_oklab(np.array(palette, np.float32))
    apart = (labs - value) * np.array([0.9, 1.0, 1.0], np.float32)
    weight = np.exp(-np.sum(apart**2, axis=1) / (2 * 0.14**2)) + 1e-6
    pull = (labs * weight[:, None]).sum(axis=0) / weight.sum()
    out = value.copy()
    out[0] += (pull[0] - value[0]) * share * 0.25
    out[1:] += (pull[1:] - value[1:]) * share
    return triple(from_oklab(out))


def tone_table(palette: tuple[Colour, ...]) -> Array:
    """For each of 256 luma levels the OKLab a and b that the palette has at that lightness, shape (256, 2)."""
    labs = to_oklab(np.array(palette, np.float32))
    levels = luminance(np.array(palette, np.float32))
    order = np.argsort(levels)
    at = np.linspace(0, 1, 256, dtype=np.float32)
    return np.stack([np.interp(at, levels[order], labs[order, i]) for i in (1, 2)], axis=-1).astype(np.float32)
