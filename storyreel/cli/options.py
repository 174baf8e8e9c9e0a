"""Options that several commands have, and the command line they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="storyreel",
    help="Films made with AI: a title, a script, a prompt or a recording becomes a film and an editable timeline.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

CacheOption = Annotated[
    Path | None, typer.Option("--cache", metavar="DIR", help="Where films live; else STORYREEL_CACHE, else ./cache.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON event a line instead of the display.")]
ProjectArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The project's id; see: storyreel projects", show_default=False)
]
PreviewOption = Annotated[
    bool,
    typer.Option("--preview", help="Make preview.mp4 instead: 540 lines, quick, placeholders for missing pictures."),
]
EstimateOption = Annotated[
    bool, typer.Option("--estimate", help="Make nothing; say how many pieces would be drawn and how long that takes.")
]
QualityOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="draft, standard or high; else the film's own.")
]
EncoderOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="x264, or nvenc, qsv or videotoolbox in hardware; auto takes hardware where it works.",
    ),
]
BudgetOption = Annotated[
    str | None,
    typer.Option(metavar="USD", help="What its paid calls may cost over all runs, this one and later; none lifts it."),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before a film that may cost more than a dollar.")]
PriceOption = Annotated[bool, typer.Option("--estimate", help="Make nothing; say what it will cost.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Also put the film here.")]
PrompterOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Who words the picture prompts; else openai where another service writes and its key is set, else writer.",
    ),
]
NotifyOption = Annotated[
    list[str] | None,
    typer.Option("--notify", metavar="URL|mailto:|desktop", help="Tell when it is ready or has failed; repeatable."),
]
DaskOption = Annotated[
    str | None,
    typer.Option("--dask", metavar="tcp://HOST:PORT", envvar="STORYREEL_DASK", help="Make it on this Dask cluster."),
]
TemplateOption = Annotated[
    str,
    typer.Option("--template", metavar="NAME|FILE", help="The story's arc, tone and look; see: storyreel templates"),
]
PronounceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--pronounce",
        metavar="WORD=SOUNDS|FILE",
        help="How the voice says a word: IPA as in Maren=/məˈɹɛn/, or as in Vael=vale; or a file of them; repeatable.",
    ),
]
