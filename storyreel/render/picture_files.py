"""Picture files read into sRGB pixels: any size, mode, bit depth, colour profile, orientation, or a clear refusal.

Only formats that are pixels are opened: Pillow would run a PostScript interpreter for some of the others. Of an
animated picture the first frame is taken.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from storyreel.airlock import PICTURE_FORMATS
from storyreel.errors import RenderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGEST_PIXELS = 64_000_000
"""How many pixels are decoded at most; a JPEG that is not progressive may have more, since it is shrunk on the way."""

_LARGE_PIXELS = 16_000_000
_ONE_LARGE_AT_A_TIME = Lock()
_STRIP_ROWS = 64
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1")


def still_size(path: Path) -> tuple[int, int]:
    """A picture's (width, height) as shown, pixels, without decoding it.

    Raises:
        RenderError: it cannot be read.
    """
    with opened_still(path) as image:
        width, height = image.size
        return (height, width) if _orientation(image) >= 5 else (width, height)


def decode_still(
    path: Path, shrink: float, behind: tuple[int, int, int] = (0, 0, 0)
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """A picture's pixels, upright.

    Args:
        path: the file.
        shrink: resize both sides by this, at most 1.
        behind: R, G, B that show through where it is transparent.

    Returns:
        sRGB (h, w, 3), and the picture's own (width, height) as shown.

    Raises:
        RenderError: it cannot be read, is damaged, or has more than 64 million pixels.
    """
    with opened_still(path) as image:
        large = image.size[0] * image.size[1] > _LARGE_PIXELS
        with _ONE_LARGE_AT_A_TIME if large else nullcontext():
            return _decode(path, image, shrink, behind)


class opened_still:  # noqa: N801 (used like a function)
    """Open a picture with Pillow; whatever goes wrong inside is told as a RenderError that names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._image: Any = None

    def __enter__(self) -> Any:
        import warnings

        from PIL import Image

        Image.init()
        with warnings.catch_warnings():
            # Our own limit is the tighter one, and it stops the run instead of warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            try:
                self._image = Image.open(self._path, formats=[name for name in PICTURE_FORMATS if name in Image.OPEN])
            except Image.DecompressionBombError as error:
                raise _too_large(self._path) from error
            except Exception as error:
                self._raise(error)
        if not _shrinks_on_load(self._image) and _pixels(self._image) > LARGEST_PIXELS:
            size = self._image.size
            self._image.close()
            raise _too_large(self._path, size)
        return self._image

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._image is not None:
            self._image.close()
        if isinstance(error, Exception) and not isinstance(error, RenderError):
            self._raise(error)

    def _raise(self, error: Exception) -> None:
        if isinstance(error, FileNotFoundError):
            raise RenderError(f"the picture {self._path.name} is missing: make or choose it again") from error
        raise RenderError(
            f"the picture {self._path.name} cannot be read ({_reason(self._path, error)}): replace it with another file"
        ) from error


def _too_large(path: Path, size: tuple[int, int] | None = None) -> RenderError:
    shown = f"{size[0]} x {size[1]} pixels, " if size else ""
    return RenderError(
        f"the picture {path.name} has {shown}more than {LARGEST_PIXELS // 1_000_000} million"
        f"{'' if size else ' pixels'}: make it smaller"
    )


def _reason(path: Path, error: Exception) -> str:
    from PIL import UnidentifiedImageError

    if path.stat().st_size == 0:
        return "it is empty"
    if isinstance(error, UnidentifiedImageError):
        with path.open("rb") as file:
            head = file.read(12)
        if head[4:8] == b"ftyp" and head[8:] in _HEIC_BRANDS:
            return "it is a HEIC photo, which has to be saved as JPEG or PNG first"
        return "it is no picture of a known format, or its start is damaged"
    if "truncated" in str(error).lower():
        return "it is cut short"
    return str(error) or type(error).__name__


def _pixels(image: Any) -> int:
    return int(image.size[0] * image.size[1])


def _shrinks_on_load(image: Any) -> bool:
    """Whether its decoder can leave out what a shrink would; a progressive one keeps everything until the end."""
    return image.format in ("JPEG", "MPO") and not image.info.get("progressive")


def _orientation(image: Any) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none, or none that can be read."""
    if image.format == "TIFF" or (image.format == "PNG" and "exif" not in image.info):
        # The one Pillow turns by itself; the other it would decode whole, to look behind the pixels.
        return 1
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:
        return 1  # the pixels are good all the same, and every viewer shows them
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _decode(
    path: Path, image: Any, shrink: float, behind: tuple[int, int, int]
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    import numpy as np
    from PIL import Image

    orientation, full = _orientation(image), image.size
    if shrink < 1.0 and _shrinks_on_load(image):
        # Lets the JPEG decoder throw away what the shrink would; it stays at least twice as large as needed.
        image.draft(None, (int(full[0] * shrink * 2), int(full[1] * shrink * 2)))
    if _pixels(image) > LARGEST_PIXELS:
        raise _too_large(path, full)
    if orientation >= 5:
        full = (full[1], full[0])
    image.load()
    turns = Image.Transpose
    turn = {
        2: turns.FLIP_LEFT_RIGHT, 3: turns.ROTATE_180, 4: turns.FLIP_TOP_BOTTOM, 5: turns.TRANSPOSE,
        6: turns.ROTATE_270, 7: turns.TRANSVERSE, 8: turns.ROTATE_90,
    }.get(orientation)  # fmt: skip
    shown = image if turn is None else image.transpose(turn)
    if shown.mode in ("I", "F") or shown.mode.startswith("I;"):
        shown = _eight_bit(shown)
    reduction = int(min(shown.size[0] / full[0], shown.size[1] / full[1]) / (2 * shrink))
    if reduction > 1 and shown.mode in ("L", "LA", "RGB", "RGBA", "CMYK") and "transparency" not in shown.info:
        # A plain average down to twice the size wanted: far less memory for the steps after it.
        shown = shown.reduce(reduction)
    rgb = _to_rgb(shown, behind)
    target = (max(1, round(full[0] * shrink)), max(1, round(full[1] * shrink)))
    if rgb.size != target:
        rgb = rgb.resize(target, Image.Resampling.LANCZOS)
    return np.asarray(rgb, np.uint8), full


def _eight_bit(image: Any) -> Any:
    """A deep grey as 8 bits; Pillow's own conversion would cut it off at 255 instead of scaling it.

    16-bit samples are taken to use their whole range. Of the 32-bit modes, which have none, the largest sample tells:
    up to 1 (of fractions), up to 255, or up to 65535.
    """
    import numpy as np
    from PIL import Image

    deep = np.asarray(image)
    largest = float(np.nanmax(deep, initial=0.0))
    if image.mode.startswith("I;") or image.format == "PNG" or largest > 255.0:
        top = 65535.0
    else:
        top = 1.0 if image.mode == "F" and largest <= 1.0 else 255.0
    grey = np.empty(deep.shape, np.uint8)
    for row in range(0, deep.shape[0], _STRIP_ROWS):
        strip = np.nan_to_num(deep[row : row + _STRIP_ROWS].astype(np.float32)) * np.float32(255.0 / top)
        grey[row : row + _STRIP_ROWS] = np.clip(np.rint(strip), 0, 255)
    return Image.fromarray(grey)


def _to_rgb(image: Any, behind: tuple[int, int, int]) -> Any:
    from PIL import Image

    if image.mode == "LAB" or "icc_profile" in image.info:
        image = _in_srgb(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", coloured.size, (*behind, 255)), coloured).convert("RGB")
    return image.convert("RGB")


def _in_srgb(image: Any) -> Any:
    """The picture in sRGB, if it carries another colour profile or is kept as CIELAB."""
    from io import BytesIO

    from PIL import ImageCms

    embedded = image.info.get("icc_profile")
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode != "LAB" and not (embedded and image.mode in ("L", "RGB", "RGBA", "CMYK")):
        return image
    try:
        if image.mode == "LAB":
            profile: Any = ImageCms.createProfile("LAB")
        else:
            profile = ImageCms.getOpenProfile(BytesIO(embedded))
            if "sRGB" in ImageCms.getProfileDescription(profile):
                return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that cannot be read is left out, as every viewer does
