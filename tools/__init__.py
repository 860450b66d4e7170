"""The expert tools, one file each. A file with a `TOOL` in it is found without any other edit."""
