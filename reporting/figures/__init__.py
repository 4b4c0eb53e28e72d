"""Public figures of a scheme: how much is asked, granted and paid, how fast, for whom, with what results."""
