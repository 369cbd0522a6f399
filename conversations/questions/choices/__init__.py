"""Choices: one of a list, several of a list, yes or no, and reading and agreeing.

A choice is tapped, or typed: its label, its number, its name, its beginning; what is only like a
choice is offered and never taken. Lists longer than a page are turned in place and searched by
writing; choices with long labels are listed in the message and tapped by number; choices with
pictures are an album with numbers.

From the bottom: `folding` and `spelling` know nothing of questions; `matching` finds the choice
that is meant; `view` is the scratch, `layout` and `pages` how a list looks, `telling` what is said
of it, `ticks` what goes together; `one`, `several` and `agreeing` are the kinds.
"""
