"""Pure answers from records: no clock, no chance, no input or output."""
