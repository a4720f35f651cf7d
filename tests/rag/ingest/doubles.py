"""Parts of a workspace that count, fail or do something else beside what they do."""

from rag.errors import StoreError


class Parts:
    """A workspace with some parts replaced."""

    def __init__(self, workspace, **parts):
        self._workspace = workspace
        vars(self).update(parts)

    def __getattr__(self, name):
        return getattr(self._workspace, name)


class Counted:
    """Counts the calls of one method, fails at one of them, and does something else before the first."""

    def __init__(self, inner, method, *, fails_at=None, at_first=lambda: None):
        self._inner, self._method, self._fails_at, self._at_first = inner, method, fails_at, at_first
        self.calls = []

    def __getattr__(self, name):
        wrapped = getattr(self._inner, name)
        if name != self._method:
            return wrapped

        def call(*arguments, **choices):
            self.calls.append(arguments)
            if len(self.calls) == 1:
                self._at_first()
            if len(self.calls) == self._fails_at:
                raise StoreError("The disk is full.", hint="Free some space.")
            return wrapped(*arguments, **choices)

        return call
