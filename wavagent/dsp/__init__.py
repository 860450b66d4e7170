"""Signal processing: pure functions on arrays, and a few small streams that remember what they were fed.

Conventions (those of wavagent.audio, and these):

* samples are float32 of shape (frames, channels), full scale 1.0; a function says so when it takes anything else.
  Any layout in memory will do; all are fastest when each channel lies in one piece (the transpose of a
  (channels, frames) array), and keep that layout
* `frames`, `start`, `offset` count frames; times are seconds and rates hertz
* gains are linear factors; a name that ends in `_db` is decibels; levels are LUFS, LU or dBTP as named
* nothing is changed in place and nothing is kept between calls; a stream is a class whose `feed` takes blocks
  of any size, and what it gives does not depend on how its input was cut
* what is computed for a window of a timeline (fades, ducking, loops) depends on absolute frames only, so that
  two halves rendered apart equal the whole, bit for bit

Each module is one noun: `gain`, `fade`, `pan`, `resample`, `loop`, `kweight`, `loudness`, `truepeak`,
`limiter`, `duck`, `reverb` (with `space`, the table of spaces). Import from the module that has it.
"""
