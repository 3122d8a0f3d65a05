"""Imports what is not installed, one level down, as real applications do."""

from broken_dependency import application

__all__ = ["application"]
