"""What comes back after a report, and when: values in, values out.

`moments` turns a day or a moment of a sheet into one at which a person may be written to, `chains`
says what a report asks for at first and after each answer, `gentle` whether now is the time,
`alarms` who is called when a report is grave. Planning twice gives the same, so the host may plan
again whenever a report is changed.
"""
