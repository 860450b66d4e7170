"""What is said to a language model, as .md files."""
