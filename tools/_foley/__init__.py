"""What `wavagent.tools.foley` is made of: the synthesis, the sounds, the words they answer to."""
