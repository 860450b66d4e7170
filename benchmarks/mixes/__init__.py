"""The same mix by different means, one module each: `python -m benchmarks.mixes.NAME FOLDER`, for benchmarks.mix."""
