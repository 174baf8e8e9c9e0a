"""Music without a service: a mood in words becomes characters, bars, notes and sound."""

from storyreel.providers.offline.score.composer import OfflineComposer, compose_blocks

__all__ = ["OfflineComposer", "compose_blocks"]
