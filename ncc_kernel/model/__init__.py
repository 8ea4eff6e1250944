"""The nouns, frozen; raw input is parsed here, once."""
