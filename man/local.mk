# man pages: one per tool, and the record format.
