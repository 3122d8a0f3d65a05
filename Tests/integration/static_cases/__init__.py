"""Requests for static files with what must come of each, section by section; nginx is asked the same."""

from static_cases import conditions, directories, fields, files, listings, methods, paths, ranges, tries
from static_cases.case import Case

SECTIONS = (files, paths, methods, conditions, ranges, directories, tries, fields, listings)
CASES: list[Case] = [case for section in SECTIONS for case in section.CASES]

__all__ = ["CASES", "SECTIONS", "Case"]
