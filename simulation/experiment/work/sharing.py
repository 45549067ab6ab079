"""Large things that many tasks need, sent once to each worker instead of with every task.

In a task stands a `Shared`; on its way to a worker only the digest of its bytes stands there. A worker keeps what it has been
sent, under its digest, and asks for what it lacks.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

MOST_KEPT = 16
"""Things that a worker keeps; beyond them it forgets the one not used for longest, and would ask again."""


class Shared:
    """A thing that stands in many tasks, as an argument by itself. Nobody may change it meanwhile."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    @cached_property
    def payload(self) -> bytes:
        """What is sent to a worker."""
        from cloudpickle import dumps

        return dumps(self.thing, protocol=pickle.HIGHEST_PROTOCOL)

    @cached_property
    def digest(self) -> str:
        """The name under which a worker keeps it."""
        return sha256(self.payload).hexdigest()


class Named(NamedTuple):
    """What stands for a shared thing in a task on its way to a worker."""

    digest: str


class Shelf:
    """In the process that gives out the work: shared things for as long as somebody holds them, and how often each was sent."""

    def __init__(self) -> None:
        self._things: WeakValueDictionary[str, Shared] = WeakValueDictionary()
        self.sent = 0

    def named(self, task: tuple[Any, ...]) -> tuple[Any, ...]:
        """A task with names in place of shared things."""
        return tuple(self._name(part) if isinstance(part, Shared) else part for part in task)

    def payload(self, digest: str) -> bytes:
        """The bytes of a thing, to be sent to one worker; none when nobody holds it any more."""
        thing = self._things.get(digest)
        if thing is None:
            return b""
        self.sent += 1
        return thing.payload

    def _name(self, thing: Shared) -> Named:
        self._things[thing.digest] = thing
        return Named(thing.digest)


class Kept:
    """In a worker: the things it has been sent."""

    def __init__(self) -> None:
        self._things: OrderedDict[str, Any] = OrderedDict()

    def lacks(self, task: tuple[Any, ...]) -> tuple[str, ...]:
        """Digests that a task names and that have not been sent yet."""
        return tuple(part.digest for part in task if isinstance(part, Named) and part.digest not in self._things)

    def keep(self, payload: bytes) -> None:
        """Take in what the parent process has sent."""
        self._things[sha256(payload).hexdigest()] = pickle.loads(payload)  # noqa: S301 - from our parent, never from disk
        while len(self._things) > MOST_KEPT:
            self._things.popitem(last=False)

    def whole(self, task: tuple[Any, ...]) -> tuple[Any, ...]:
        """A task with the things in place of their names."""
        return tuple(self._used(part.digest) if isinstance(part, Named) else part for part in task)

    def _used(self, digest: str) -> Any:
        self._things.move_to_end(digest)
        return self._things[digest]


def in_place(task: tuple[Any, ...]) -> tuple[Any, ...]:
    """A task done in this process, with the things themselves."""
    return tuple(part.thing if isinstance(part, Shared) else part for part in task)
