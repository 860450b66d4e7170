"""What the tool `edit` can do, one class for each."""

from .steps import Band, Fade, Fit, Gain, Overlay, Room, Speed, Trim

__all__ = ["Band", "Fade", "Fit", "Gain", "Overlay", "Room", "Speed", "Trim"]
