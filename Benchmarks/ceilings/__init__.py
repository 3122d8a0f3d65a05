"""What a request may cost, counted and not timed: instructions and allocations, with a ceiling for each work."""
