"""Training: reports that were decided, given to new moderators to decide once more.

Pure. Nobody learns from a sample who sent it: what names or finds somebody is taken out before it
is shown, and nothing a trainee says about it changes anything about the report.

`samples` a decided report without what leads to anybody, `course` what a trainee reads and taps,
`workload` what coordinators see of moderators: how much each did, and how they fared here.
"""
