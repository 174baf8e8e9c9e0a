"""What an image model is told so that it paints the picture a shot will have come to."""

from __future__ import annotations

from storyreel.providers.contracts import PredictionRequest


def prediction_prompt(request: PredictionRequest) -> str:
    """The words that go with the current picture."""
    scene = request.scene
    kept = [f"Keep this person word for word as described: {look}." for look in scene.cast] if scene else []
    if scene and scene.palette:
        kept.append(f"Keep to these colours: {', '.join(scene.palette)}.")
    return "\n".join(
        (
            f"The picture is a frame of one unbroken film shot. Paint the frame of the same shot {request.ahead_s:g} "
            "seconds later.",
            f"The shot: {request.prompt}",
            f"Style: {request.style}.",
            "Let what moves have moved on as far as it would in that time, and the camera with it; nothing jumps. "
            "The people, their clothes, the place, the light, the palette, the lens and the manner of painting stay "
            "the same. One picture that fills the frame: no border, no text, no split screen.",
            *kept,
        )
    )
