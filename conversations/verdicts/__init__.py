"""What the answers of validators add up to: whether a report is right.

The rules that hold here:

- Nothing is known of a validator but an opaque id, what was answered and when.
- An answer is worth what its author's earlier answers were worth (`reliability`), and never
  counts against what it says.
- People who were never checked against others or a moderator decide nothing by number alone
  where a programme is under attack (`probation` in `rule`).
- Residents confirm; only a moderator rejects. People see grades and counts, never a percentage.
- Every verdict can say its reasons in words (`reasons`).

From the bottom: `answers` (what was said), `rule` (what the workbook's sheet settles),
`reliability` (how often somebody was right), `weighing` (all answers of a case together),
`deciding` (the verdict), `estimation` (the reliabilities, from all cases), `controls` (questions
whose answer is known), `grades` and `reasons` (what people read), `agreement` (how often
two sources say the same), `wording` (which questions people misread). A case is one report with
one validation question.
"""
