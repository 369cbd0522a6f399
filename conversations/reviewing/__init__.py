"""Reviews: who may do what with a report that is doubted, and what comes of it.

A report has at most one case, however many flags it has (OpenStreetMap's way). A moderator claims a
case, decides it, and may take the decision back for a while; whoever acts on what somebody else has
changed meanwhile is refused and told what changed (Discourse's way). Nothing here knows a reporter.

`cases` what a case is and when it should be looked at, `weights` how much a flag counts, `acts`
what a moderator can do, `deciding` whether they may and what comes of it, `words` what people read,
`published` the figures that people doubt, `figure_words` how these are said.
"""
