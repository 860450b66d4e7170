"""The parts of `tools/espeak.py`: the process that speaks, the text it is given, the voices it has."""
