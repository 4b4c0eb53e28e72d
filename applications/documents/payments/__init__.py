"""Payment files: values in and bytes out for the bank and the accountant, and their answers read back.

Pure functions: no database, no clock, no network. What a reader could not use is set apart with its
rank and a sentence in each language; nothing read here pays anything by itself.
"""
