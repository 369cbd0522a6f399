"""Moderators at work in the chat: the next case, its card, a decision with one or two taps.

Pure: a moderator's bench, what they did or what the host found out, and from these the bench as it
is then and what the host must do. Rights, cases and reports stay with the host; whoever acts names
the version that they saw. Where the contract lies:

`dossier` everything about one report as moderators see it, `testimony`
what others said of it and what came later, `bench` where a moderator stands,
`exchange` what is asked of the host and what comes back, `card` the dossier as a message, `choices`
the buttons below it, `turns` every transition. `veiled` words without what leads to anybody,
`group_card` a case as a group of moderators sees it, `digest` what waits, told at a chosen hour,
`several` cases decided as one was.
"""
