"""The rules as `manage.py compute` offers them: JSON in, JSON out. Pure, like the rules themselves.

`shapes` describes an input once, for its schema and for its reading; `reading` turns a text into JSON values
without any float; `answers` turns a verdict into JSON; each other module wraps one rule, or a family of them.
"""
