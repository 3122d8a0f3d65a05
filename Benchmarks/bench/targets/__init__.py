"""What the figures are to be: the table of targets, and what a run says of each."""
