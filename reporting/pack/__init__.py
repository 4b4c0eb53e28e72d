"""The audit pack: everything that the law asks of a file, in one archive that proves itself without us."""
