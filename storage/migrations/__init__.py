"""How the tables came to be: one module of `versions/` for each step, `storage.migrate` takes them.

Steps are written by hand and never changed once released. There is no way down: it would drop
what people said. Restore a back-up instead.
"""
