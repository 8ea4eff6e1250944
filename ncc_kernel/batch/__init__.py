"""Runs of workbooks: what is stale, run in processes of their own, written whole or not at all."""
