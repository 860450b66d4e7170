"""Speed, memory and quality, one command each: `python -m benchmarks.NAME [--json]`. Results: docs/benchmarks.md."""
