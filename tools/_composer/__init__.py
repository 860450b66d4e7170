"""The composer behind the `score` tool.

A description is read into a brief (`brief`), the brief becomes a piece of notes (`harmony`, `melody`, `texture`,
`piece`), and the piece becomes sound (`render`). Everything but `render` is pure and needs numpy only.

Conventions: pitches are MIDI note numbers (60 is middle C), pitch classes 0 to 11 with C as 0; positions and
lengths inside a piece are in beats, elsewhere in seconds; levels are linear, 1.0 is full.
"""
