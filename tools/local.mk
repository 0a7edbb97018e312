# One list of tools: name, what it links.
