"""What a film can be written as: every kind of file with its encoders, and whether the installed PyAV has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from storyreel.errors import InputError
from storyreel.settings import Quality

Options = Mapping[Quality, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of file and how FFmpeg writes it.

    Attributes:
        name: as users say it.
        suffix: the file's ending.
        what: in a few words.
        container: FFmpeg's name of the container; "" for what is not written by FFmpeg.
        picture, sound: FFmpeg's names of the encoders; "" for none.
        pixels: the picture's format.
        options: the picture encoder's, by quality.
        tag: the picture's four letters in an MP4 file, where players insist on some.
        least_px: the smallest width and height the encoder takes.
    """

    name: str
    suffix: str
    what: str
    container: str = ""
    picture: str = ""
    sound: str = ""
    pixels: str = "yuv420p"
    options: Options = field(default_factory=lambda: MappingProxyType({}))
    sound_options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tag: str = ""
    least_px: tuple[int, int] = (64, 64)

    @property
    def made_by(self) -> str:
        """The encoders with their version, for keys."""
        return f"{self.picture}+{self.sound}/av-{version('av')}"


_X265 = "log-level=error:colorprim=bt709:transfer=bt709:colormatrix=bt709:range=limited"
_TARGETS = (
    Target("mp4", ".mp4", "H.264 and AAC, for everything that plays films", "mp4", "libx264", "aac"),
    Target(
        "h265",
        ".mp4",
        "H.265 (HEVC) and AAC, about two thirds of the size",
        "mp4",
        "libx265",
        "aac",
        options={
            "draft": {"preset": "ultrafast", "crf": "30", "x265-params": _X265},
            "standard": {"preset": "fast", "crf": "24", "x265-params": _X265},
            "high": {"preset": "medium", "crf": "20", "x265-params": _X265},
        },
        tag="hvc1",  # Apple's players show nothing of "hev1"
    ),
    Target(
        "av1",
        ".mp4",
        "AV1 and AAC, the smallest",
        "mp4",
        "libsvtav1",
        "aac",
        options={
            "draft": {"preset": "9", "crf": "40"},
            "standard": {"preset": "8", "crf": "32"},
            "high": {"preset": "5", "crf": "26"},
        },
    ),
    Target(
        "webm",
        ".webm",
        "VP9 and Opus, for the web",
        "webm",
        "libvpx-vp9",
        "libopus",
        options={
            "draft": {"deadline": "realtime", "cpu-used": "8", "crf": "38", "b": "0", "row-mt": "1"},
            "standard": {"deadline": "good", "cpu-used": "5", "crf": "32", "b": "0", "row-mt": "1"},
            "high": {"deadline": "good", "cpu-used": "2", "crf": "26", "b": "0", "row-mt": "1"},
        },
        sound_options={"b": "160000"},
    ),
    Target("gif", ".gif", "a silent loop of up to a minute, 480 pixels wide", "gif", "gif"),
    Target(
        "prores",
        ".mov",
        "ProRes 422 and PCM, for editing programs",
        "mov",
        "prores_ks",
        "pcm_s24le",
        "yuv422p10le",
        options={
            "draft": {"profile": "lt", "vendor": "apl0"},
            "standard": {"profile": "standard", "vendor": "apl0"},
            "high": {"profile": "hq", "vendor": "apl0"},
        },
    ),
    Target(
        "dnxhr",
        ".mov",
        "DNxHR and PCM, for editing programs",
        "mov",
        "dnxhd",
        "pcm_s24le",
        "yuv422p",
        options={
            "draft": {"profile": "dnxhr_lb"},
            "standard": {"profile": "dnxhr_sq"},
            "high": {"profile": "dnxhr_hq"},
        },
        least_px=(256, 120),
    ),
    Target("wav", ".wav", "the sound, 24 bits", "wav", "", "pcm_s24le"),
    Target("flac", ".flac", "the sound, 24 bits without loss", "flac", "", "flac"),
    Target("mp3", ".mp3", "the sound, for everything that plays sound", "mp3", "", "libmp3lame",
           sound_options={"b": "192000"}),
    Target("m4a", ".m4a", "the sound as the film has it (AAC)", "ipod", "", "aac"),
    Target("opus", ".opus", "the sound, small", "opus", "", "libopus", sound_options={"b": "128000"}),
    Target("still", ".png", "one frame"),
    Target("stills", "", "a folder of frames: one a shot, or those of --at"),
    Target("thumbnail", ".jpg", "the most telling frame, at most 1280 pixels wide"),
    Target("srt", ".srt", "the captions as SubRip"),
    Target("vtt", ".vtt", "the captions as WebVTT"),
    Target("ass", ".ass", "the captions as Advanced SubStation, word by word"),
    Target("chapters", ".txt", "the chapters as a list for YouTube"),
    Target("transcript", ".txt", "what is said, as text; as .json with every word's time"),
    Target("manifest", ".json", "what it is made of: each part's origin and price, and every paid call"),
    Target("credits", ".txt", "who made it, and whom licences ask to name"),
    Target("otio", ".otio", "the timeline for OpenTimelineIO, with its media beside it"),
    Target("edl", ".edl", "the pictures' cuts as CMX 3600, with the media beside it"),
    Target("fcpxml", ".fcpxml", "the timeline for Final Cut, Resolve and Premiere, with its media beside it"),
    Target("project", ".zip", "the whole project, for  storyreel import  on another machine"),
    Target("bundle", "", "a folder of all that goes out of the door with a film"),
)  # fmt: skip
TARGETS: Mapping[str, Target] = MappingProxyType({target.name: target for target in _TARGETS})

_BY_SUFFIX = {
    ".mp4": "mp4", ".m4v": "mp4", ".webm": "webm", ".gif": "gif", ".mov": "prores", ".wav": "wav", ".flac": "flac",
    ".mp3": "mp3", ".m4a": "m4a", ".opus": "opus", ".png": "still", ".jpg": "thumbnail", ".jpeg": "thumbnail",
    ".srt": "srt", ".vtt": "vtt", ".ass": "ass", ".txt": "transcript", ".json": "transcript", ".otio": "otio",
    ".edl": "edl", ".fcpxml": "fcpxml", ".zip": "project", "": "bundle",
}  # fmt: skip
_ALIASES = {"h264": "mp4", "hevc": "h265", "vp9": "webm", "dnxhd": "dnxhr", "youtube": "chapters", "zip": "project"}


def target_for(dest: Path, kind: str = "") -> Target:
    """What a place asks for: by the kind named, else by the ending of its name; a folder asks for a bundle.

    Raises:
        InputError: there is no such kind, the ending belongs to none, or the installed PyAV lacks its encoder.
    """
    name = _ALIASES.get(kind.lower(), kind.lower())
    if name and name not in TARGETS:
        raise InputError(f"a film cannot be exported as {kind[:40]!r}: choose one of {', '.join(TARGETS)}")
    suffix = "" if dest.is_dir() else dest.suffix.lower()
    if not name:
        if suffix not in _BY_SUFFIX:
            endings = " ".join(ending for ending in _BY_SUFFIX if ending)
            raise InputError(
                f"the ending {dest.suffix[:20]!r} of {dest.name} belongs to no kind of export: "
                f"take one of {endings}, or say --as {'|'.join(TARGETS)}"
            )
        name = _BY_SUFFIX[suffix]
    if reason := why_not(TARGETS[name]):
        raise InputError(reason)
    return TARGETS[name]


def why_not(target: Target) -> str:
    """Why a target cannot be written here, in one sentence; "" if it can."""
    missing = [name for name in (target.picture, target.sound) if name and not _has_encoder(name)]
    if not missing:
        return ""
    return (
        f"the installed PyAV was built without the encoder {' and '.join(missing)}, so {target.name} cannot be "
        "written here: install PyAV's own wheel (pip install --force-reinstall av), or choose another kind"
    )


@cache
def _has_encoder(name: str) -> bool:
    import av

    try:
        av.codec.Codec(name, "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True
