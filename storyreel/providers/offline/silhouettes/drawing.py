"""The pen behind every silhouette: smooth closed contours, tapered strokes, and the drawing that gathers them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from storyreel.providers.offline.silhouettes.model import Point, Silhouette, Unit, path_bounds

# How far a curve's handle reaches along its chord: about 0.36 makes four points on a circle nearly round.
_REACH = 0.36


@dataclass(frozen=True, slots=True)
class Contour:
    """A closed outline of cubic Bezier pieces: `points` holds the start, then two handles and an end for each piece.

    `role` says what of a figure it is, where that has a colour of its own: see `model.ROLES`.
    """

    points: tuple[Point, ...]
    role: str = ""

    def mapped(self, change: Callable[[Point], Point]) -> Contour:
        """The contour with every point and handle put through `change`."""
        return Contour(tuple(change(point) for point in self.points), self.role)

    def moved(self, dx: float, dy: float) -> Contour:
        """The contour shifted by (dx, dy)."""
        return self.mapped(lambda p: (p[0] + dx, p[1] + dy))

    def scaled(self, sx: float, sy: float | None = None) -> Contour:
        """The contour scaled about the origin."""
        down = sx if sy is None else sy
        return self.mapped(lambda p: (p[0] * sx, p[1] * down))

    def turned(self, degrees: float, about: Point = (0.0, 0.0)) -> Contour:
        """The contour turned clockwise on the page about a point."""
        return self.mapped(lambda p: turn(p, degrees, about))

    def signed_area(self) -> float:
        """The area inside, positive when walked clockwise on the page; curves are flattened in four."""
        corners = [self.points[0]]
        for i in range(1, len(self.points) - 1, 3):
            a, (b, c, d) = self.points[i - 1], self.points[i : i + 3]
            for t in (0.25, 0.5, 0.75, 1.0):
                w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                corners.append(
                    (
                        w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
                        w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
                    )
                )
        following = corners[1:] + corners[:1]
        return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners, following, strict=True)) / 2

    def wound(self, sign: int) -> Contour:
        """The same outline walked so that its signed area has this sign."""
        return self if self.signed_area() * sign >= 0 else Contour(self.points[::-1], self.role)

    def svg(self) -> str:
        """SVG path data with two decimals: M, then L or C for each piece, then Z."""
        parts = [f"M{_pair(self.points[0])}"]
        for i in range(1, len(self.points) - 1, 3):
            before, first, second, end = self.points[i - 1 : i + 3]
            if first == before and second == end:
                parts.append(f"L{_pair(end)}")
            else:
                parts.append(f"C{_pair(first)} {_pair(second)} {_pair(end)}")
        return "".join([*parts, "Z"])


Shape = list[Contour]


def _pair(point: Point) -> str:
    return f"{round(point[0], 2) + 0.0:g},{round(point[1], 2) + 0.0:g}"


def turn(point: Point, degrees: float, about: Point = (0.0, 0.0)) -> Point:
    """The point turned clockwise on the page about another."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = point[0] - about[0], point[1] - about[1]
    return about[0] + c * x - s * y, about[1] + s * x + c * y


def between(a: Point, b: Point, t: float) -> Point:
    """The point a share `t` of the way from a to b."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def read_points(text: str) -> tuple[list[Point], set[int]]:
    """Points written "x,y x,y! x,y", and the indices of the corners, which carry a "!"."""
    points: list[Point] = []
    corners: set[int] = set()
    for i, word in enumerate(text.split()):
        if word.endswith("!"):
            corners.add(i)
        x, y = word.rstrip("!").split(",")
        points.append((float(x), float(y)))
    return points, corners


def curve(points: Sequence[Point], corners: Iterable[int] = (), reach: float = _REACH) -> Contour:
    """A smooth closed outline through the points, with corners kept sharp.

    The direction at a point is that of the chord between its neighbours, and a handle's length is a share of its own
    piece, so unequal spacing makes no loops.
    """
    sharp = set(corners)
    count = len(points)
    directions: list[Point | None] = []
    for i in range(count):
        (x0, y0), (x1, y1) = points[i - 1], points[(i + 1) % count]
        length = math.hypot(x1 - x0, y1 - y0)
        directions.append(None if i in sharp or length < 1e-9 else ((x1 - x0) / length, (y1 - y0) / length))
    out = [points[0]]
    for i in range(count):
        j = (i + 1) % count
        a, b = points[i], points[j]
        far = math.dist(a, b) * reach
        leaving, arriving = directions[i], directions[j]
        if leaving is None and arriving is None:
            out += [a, b, b]
            continue
        second = between(b, a, 0.3) if arriving is None else (b[0] - arriving[0] * far, b[1] - arriving[1] * far)
        first = between(a, b, 0.3) if leaving is None else (a[0] + leaving[0] * far, a[1] + leaving[1] * far)
        out += [first, second, b]
    return Contour(tuple(out))


def smooth(text: str, reach: float = _REACH) -> Contour:
    """A smooth outline through points written "x,y x,y! ...", where "!" marks a sharp corner."""
    points, corners = read_points(text)
    return curve(points, corners, reach)


def polygon(points: Sequence[Point]) -> Contour:
    """A straight-sided outline."""
    return curve(points, range(len(points)))


def straight(text: str) -> Contour:
    """A straight-sided outline through points written "x,y x,y ..."."""
    return polygon(read_points(text)[0])


def box(left: float, top: float, right: float, bottom: float) -> Contour:
    """An upright rectangle."""
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def rounded_box(left: float, top: float, right: float, bottom: float, radius: float) -> Contour:
    """An upright rectangle with rounded corners."""
    k = radius * 0.4477
    r = radius
    return Contour(
        (
            *((left + r, top), (left + r, top), (right - r, top), (right - r, top)),
            *((right - k, top), (right, top + k), (right, top + r)),
            *((right, top + r), (right, bottom - r), (right, bottom - r)),
            *((right, bottom - k), (right - k, bottom), (right - r, bottom)),
            *((right - r, bottom), (left + r, bottom), (left + r, bottom)),
            *((left + k, bottom), (left, bottom - k), (left, bottom - r)),
            *((left, bottom - r), (left, top + r), (left, top + r)),
            *((left, top + k), (left + k, top), (left + r, top)),
        )
    )


def ellipse(x: float, y: float, rx: float, ry: float | None = None) -> Contour:
    """An ellipse (a circle without `ry`) about (x, y)."""
    ry = rx if ry is None else ry
    k = 0.5523
    return Contour(
        (
            *((x + rx, y), (x + rx, y + k * ry), (x + k * rx, y + ry), (x, y + ry)),
            *((x - k * rx, y + ry), (x - rx, y + k * ry), (x - rx, y)),
            *((x - rx, y - k * ry), (x - k * rx, y - ry), (x, y - ry)),
            *((x + k * rx, y - ry), (x + rx, y - k * ry), (x + rx, y)),
        )
    )


def ring(x: float, y: float, radius: float, thickness: float) -> Shape:
    """A hoop as one outline: round the outside, in along a seam without width, and back round the inside."""
    outer = ellipse(x, y, radius).points
    inner = ellipse(x, y, radius - thickness).points[::-1]
    return [Contour((*outer, outer[-1], inner[0], *inner, inner[-1], outer[0], outer[0]))]


def tube(centres: Sequence[Point], radii: Sequence[float], cap: str = "round") -> Contour:
    """A smooth limb along centres with a half-width at each; `cap` is "round", "flat" or "point" at its far end.

    The near end is always rounded unless `cap` is "flat"; a "point" needs the last half-width to be small.
    """
    count = len(centres)
    left: list[Point] = []
    right: list[Point] = []
    normals: list[Point] = []
    for i in range(count):
        (x0, y0), (x1, y1) = centres[max(i - 1, 0)], centres[min(i + 1, count - 1)]
        if 0 < i < count - 1:
            # The mean of the unit directions keeps a short piece beside a long one from being ignored at a bend.
            d0, d1 = _unit(centres[i - 1], centres[i]), _unit(centres[i], centres[i + 1])
            x0, y0, x1, y1 = 0.0, 0.0, d0[0] + d1[0], d0[1] + d1[1]
        dx, dy = _unit((x0, y0), (x1, y1))
        nx, ny = dy, -dx
        normals.append((nx, ny))
        x, y = centres[i]
        r = radii[i]
        left.append((x + nx * r, y + ny * r))
        right.append((x - nx * r, y - ny * r))
    outline = list(left)
    sharp: set[int] = set()
    if cap == "flat":
        outline += reversed(right)
        sharp = {0, count - 1, count, 2 * count - 1}
        return curve(outline, sharp)
    if cap == "point":
        outline[-1] = centres[-1]
        sharp = {count - 1}
        outline += list(reversed(right[:-1]))
    else:
        nx, ny = normals[-1]
        x, y = centres[-1]
        outline.append((x - ny * radii[-1], y + nx * radii[-1]))
        outline += reversed(right)
    nx, ny = normals[0]
    x, y = centres[0]
    outline.append((x + ny * radii[0], y - nx * radii[0]))
    return curve(outline, sharp, 0.38)


def _unit(a: Point, b: Point) -> Point:
    length = math.dist(a, b)
    return ((b[0] - a[0]) / length, (b[1] - a[1]) / length) if length > 1e-9 else (0.0, 1.0)


def line(a: Point, b: Point, width: float, end_width: float | None = None) -> Contour:
    """A straight bar from a to b, `width` wide at a and `end_width` at b."""
    dx, dy = _unit(a, b)
    h, e = width / 2, (width if end_width is None else end_width) / 2
    return polygon(
        [(a[0] + dy * h, a[1] - dx * h), (b[0] + dy * e, b[1] - dx * e),
         (b[0] - dy * e, b[1] + dx * e), (a[0] - dy * h, a[1] + dx * h)]
    )  # fmt: skip


def stroke(text: str, width: float, end_width: float | None = None, cap: str = "round") -> Contour:
    """A pen stroke through points written "x,y x,y ...", its width going evenly from `width` to `end_width`."""
    points = read_points(text)[0]
    last = width if end_width is None else end_width
    steps = max(len(points) - 1, 1)
    return tube(points, [(width + (last - width) * i / steps) / 2 for i in range(len(points))], cap)


def sliver(points: Sequence[Point], width: float) -> Contour:
    """A fold or seam: a stroke that is widest in its middle and runs out to nothing at both ends."""
    steps = len(points) - 1
    radii = [max(width * 0.04, width / 2 * math.sin(math.pi * i / steps)) for i in range(steps + 1)]
    return tube(points, radii)


@dataclass(slots=True)
class Drawing:
    """Gathers contours while a thing is drawn; `finish` stands it on y = 0 and makes the `Silhouette`."""

    name: str
    unit: Unit = "world"
    solids: Shape = field(default_factory=list)
    holes: Shape = field(default_factory=list)
    openings: Shape = field(default_factory=list)
    details: Shape = field(default_factory=list)
    accent: Shape = field(default_factory=list)
    glow: list[tuple[float, float, float]] = field(default_factory=list)
    role: str = ""

    @contextmanager
    def made_of(self, role: str) -> Iterator[None]:
        """What is added inside is of a role that has a colour of its own, unless it says what it is itself."""
        before, self.role = self.role, role
        try:
            yield
        finally:
            self.role = before

    def add(self, *contours: Contour) -> None:
        """Add solid parts; they may overlap, and what is added later lies over what was before."""
        self.solids += [replace(contour.wound(1), role=contour.role or self.role) for contour in contours]

    def cut(self, *contours: Contour) -> None:
        """Cut holes; each must lie where exactly one solid part is."""
        self.holes += [contour.wound(-1) for contour in contours]

    def open(self, *contours: Contour) -> None:
        """Add windows or other parts that can be lit."""
        self.openings += contours

    def burn(self, *contours: Contour) -> None:
        """Add flames: they can be lit, and they are part of the outline."""
        self.openings += contours
        self.add(*contours)

    def mark(self, *contours: Contour) -> None:
        """Add inner structure."""
        self.details += contours

    def colour(self, *contours: Contour) -> None:
        """Add parts in the accent colour; they are part of the outline too."""
        self.accent += contours
        self.add(*contours)

    def shine(self, x: float, y: float, radius: float) -> None:
        """Add a shining point."""
        self.glow.append((x, y, radius))

    def mapped(self, change: Callable[[Point], Point], size: float = 1.0) -> None:
        """Put everything drawn so far through `change`; glow radii are multiplied by `size`."""
        for shapes in (self.solids, self.holes, self.openings, self.details, self.accent):
            shapes[:] = [contour.mapped(change) for contour in shapes]
        self.glow[:] = [(*change((x, y)), radius * size) for x, y, radius in self.glow]

    def include(self, other: Drawing, x: float = 0.0, y: float = 0.0, size: float = 1.0, flip: bool = False) -> None:
        """Add another drawing scaled about its origin, mirrored if `flip`, and then moved to (x, y)."""
        sx = -size if flip else size

        def placed(shapes: Shape) -> Shape:
            return [contour.scaled(sx, size).moved(x, y) for contour in shapes]

        self.add(*placed(other.solids))
        self.cut(*placed(other.holes))
        self.openings += placed(other.openings)
        self.details += placed(other.details)
        self.accent += placed(other.accent)
        self.glow += [(x + gx * sx, y + gy * size, r * size) for gx, gy, r in other.glow]

    def finish(self, height: float | None = None, centred: bool = True, larger: float | None = None) -> Silhouette:
        """Stand the drawing on y = 0 and return it.

        Args:
            height: scale to this height, when given.
            centred: put the middle of the bounds on x = 0; otherwise x = 0 stays where it was drawn.
            larger: scale so that the larger side is this long, when given.
        """
        left, top, right, bottom = path_bounds("".join(contour.svg() for contour in self.solids))
        middle = (left + right) / 2 if centred else 0.0
        scale = 1.0
        if height is not None:
            scale = height / (bottom - top)
        elif larger is not None:
            scale = larger / max(bottom - top, right - left)
        self.mapped(lambda p: ((p[0] - middle) * scale, (p[1] - bottom) * scale), scale)
        return self.silhouette()

    def silhouette(self) -> Silhouette:
        """The drawing as it lies."""
        parts: list[tuple[str, str]] = []
        if any(contour.role for contour in self.solids):
            for role, run in itertools.groupby(self.solids, key=lambda contour: contour.role):
                parts.append((role, "".join(contour.wound(1).svg() for contour in run)))
        path = "".join(c.wound(1).svg() for c in self.solids) + "".join(c.wound(-1).svg() for c in self.holes)
        left, top, right, bottom = path_bounds(path)
        return Silhouette(
            name=self.name,
            path=path,
            width=round(right - left, 2),
            height=round(bottom - top, 2),
            left=round(left, 2),
            unit=self.unit,
            openings=tuple(contour.svg() for contour in self.openings),
            details=tuple(contour.svg() for contour in self.details),
            accent=tuple(contour.svg() for contour in self.accent),
            glow=tuple((round(x, 2), round(y, 2), round(radius, 2)) for x, y, radius in self.glow),
            bottom=round(bottom, 2),
            parts=tuple(parts),
        )


def finish_together(parts: Sequence[Drawing], framed: Sequence[Drawing], larger: float) -> tuple[Silhouette, ...]:
    """Parts of one whole, of which those `framed` stand on y = 0, are centred, and have a larger side `larger` long."""
    left, top, right, bottom = path_bounds("".join(contour.svg() for part in framed for contour in part.solids))
    middle, scale = (left + right) / 2, larger / max(bottom - top, right - left)
    for part in parts:
        part.mapped(lambda p: ((p[0] - middle) * scale, (p[1] - bottom) * scale), scale)
    return tuple(part.silhouette() for part in parts)
