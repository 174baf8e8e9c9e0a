"""OpenAI's image models as a `Predictor`: they look at the frame, and paint the one ahead (POST /images/edits)."""

from __future__ import annotations

from dataclasses import dataclass, field

from storyreel.providers.contracts import Prediction, PredictionRequest
from storyreel.providers.predicting import prediction_prompt
from storyreel.providers.prices import Quote, Usage
from storyreel.providers.services.openai import VENDOR, OpenAIPainter
from storyreel.providers.transport import Vendor

PREDICTOR_MODEL = "gpt-image-2.5-sunburst"


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
        painter = OpenAIPainter(self.model, self.quality)
        words = prediction_prompt(request)
        picture = painter.drawn(words, (request.frame,), request.width_px, request.height_px, take=request.seed,
                                notice=self.notice)  # fmt: skip
        return Prediction(picture)
