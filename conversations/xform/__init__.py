"""The form: an XForm read into frozen values, and an instance that is filled in.

`reader` turns XForm XML into a `form.Form`; `instance` holds the answers of one person and keeps
relevance, calculations and repeats true to them; `submission` writes what ODK would send. The
order of the files, from the bottom: `problems`, `form`, `model`, `body`, `reader`; `values`,
`dependencies`, `tree`, `instance`, `submission`.
"""
