"""CLAP (Wu et al., 2023): one space for sounds and for descriptions, in which what belongs together lies close."""

from .space import WEIGHTS, Clap, Loaded

__all__ = ["WEIGHTS", "Clap", "Loaded"]
