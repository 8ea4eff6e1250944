"""All input and output: the record, the catalogue, files in and out."""
