"""The benchmark: servers on one core, a client on another, and what a request costs."""
