"""Charts of a run: what is made when and by whom, as SVG, Mermaid and JSON."""
