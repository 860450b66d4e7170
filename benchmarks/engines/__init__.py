"""What runs a simulated graph: wavagent, and what a user would pick instead."""
