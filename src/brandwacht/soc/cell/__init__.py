"""A process of its own in which one search runs: no Django, no database, no network, nothing to write.

Started by ``services.hunting`` with an empty environment; gets its task as JSON on standard input and answers with
JSON lines on standard output. Whatever the query is, it reaches the files in the task and nothing else.
"""
