"""The quote: what a story will take, before anything of it runs; and what every call would do, which tells why."""
