"""What drives a server: wrk, h2load, and connections of our own that are idle."""
