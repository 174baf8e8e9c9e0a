"""OpenAI's image models as a `Predictor`: they look at the frame, and paint the one ahead (POST /images/edits)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from pydantic import BaseModel, Field

from storyreel.memo.ledger import Charged
from storyreel.providers.contracts import Prediction, PredictionRequest
from storyreel.providers.pictures import cut_to_shape, is_whole_picture, stepped_size
from storyreel.providers.predicting import prediction_prompt
from storyreel.providers.prices import Quote, Usage
from storyreel.providers.references import image_type
from storyreel.providers.services.openai import VENDOR, OpenAIPainter
from storyreel.providers.transport import MEGABYTE, Call, FilePart, Lost, Reply, Vendor, buy, kind_of

PREDICTOR_MODEL = "gpt-image-2.5-sunburst"


class _Details(BaseModel):
    text_tokens: int = 0
    image_tokens: int = 0


class _Spent(BaseModel):
    output_tokens: int
    input_tokens_details: _Details = Field(default_factory=_Details)


class _Image(BaseModel):
    b64_json: str


class _Images(BaseModel):
    data: list[_Image] = Field(min_length=1)
    usage: _Spent | None = None


@dataclass(frozen=True, slots=True)
class OpenAIPredictor:
    """OpenAI's image models as a `Predictor`. They take no seed: another seed simply asks once more."""

    model: str = PREDICTOR_MODEL
    quality: str = "medium"
    notice: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        model, notice = VENDOR.living(self.model)
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "notice", notice)

    @property
    def identity(self) -> str:
        """Vendor, model and quality."""
        return f"openai/{self.model}/{self.quality}"

    @property
    def vendor(self) -> Vendor:
        """Who is asked."""
        return VENDOR

    def price(self, usage: Usage) -> Quote:
        """What a request that uses so much costs: by its tokens where they are known, else about, by its size."""
        return OpenAIPainter(self.model, self.quality).price(usage)

    def predict(self, request: PredictionRequest) -> Prediction:
        """The picture ahead as PNG, in the shape asked for; what it shows is not told."""
        form = dict(edit_form(self.model, self.quality, request))
        width_px, _, height_px = form["size"].partition("x")
        usage = Usage(pictures=1, megapixels=int(width_px) * int(height_px) / 1e6)
        kind = image_type(request.frame)
        picture = buy(
            VENDOR,
            Call(
                "/images/edits",
                form=tuple(form.items()),
                files=(FilePart("image[]", f"frame.{kind.partition('/')[2]}", request.frame, kind),),
                timeout_s=300.0,
                largest_bytes=96 * MEGABYTE,
            ),
            self._charged,
            model=self.model,
            expected_usd=self.price(usage).usd,
            take=request.seed,
            suffix=".png",
            notice=self.notice,
        )
        return Prediction(cut_to_shape(picture, request.width_px, request.height_px))

    def _charged(self, reply: Reply) -> Charged:
        images = reply.read_as(_Images)
        try:
            picture = base64.b64decode(images.data[0].b64_json, validate=True)
        except binascii.Error:
            picture = b""
        if kind_of(picture) != "image" or not is_whole_picture(picture):
            raise Lost("openai", "what came is not a whole picture")
        price_usd = None
        if images.usage is not None:
            read = images.usage.input_tokens_details
            price_usd = self.price(
                Usage(
                    input_tokens=read.text_tokens,
                    image_input_tokens=read.image_tokens,
                    image_output_tokens=images.usage.output_tokens,
                )
            ).usd
        return Charged(picture, price_usd, self.model, reply.request)


def edit_form(model: str, quality: str, request: PredictionRequest) -> tuple[tuple[str, str], ...]:
    """The fields of POST /images/edits beside the frame; `input_fidelity` is an older model's."""
    width_px, height_px = stepped_size(
        request.width_px, request.height_px, step_px=16, longest_px=2560, shortest_px=512, most_pixels=2560 * 1440
    )
    return (
        ("model", model),
        ("prompt", prediction_prompt(request)),
        ("n", "1"),
        ("size", f"{width_px}x{height_px}"),
        ("quality", quality),
        ("output_format", "png"),
    )
