# Programs that make input and models of the project's own.
