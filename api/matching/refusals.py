"""What cannot be done with a plan, told in one sentence. Light: the command line knows it before it matches anything."""


class PlanFileError(ValueError):
    """A file that is no plan of this version, or of another store; the text is a Chinese sentence."""
