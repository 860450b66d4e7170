"""What `benchmarks.gpu` measures: models of published size, the limits of the card, and a decoder as one graph."""
