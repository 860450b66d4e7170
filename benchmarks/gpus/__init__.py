"""What `benchmarks.gpu` measures: models of published size, the limits of the card, and what was found so far."""
