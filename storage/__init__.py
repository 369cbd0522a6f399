"""Keeping: the store and its words, attachments, workbooks and programmes, exports.

Start at `store` (the contract); README.md tells the order of the rooms.
"""
