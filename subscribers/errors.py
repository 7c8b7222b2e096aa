"""Every error that this package raises on purpose. Messages are sentences for a person; nothing is done here.

::

    SubscriberError           the root; whoever shows it shows its sentence
    ├── BadAddress            what was typed is not one mail address
    ├── AddressTaken          a change of address onto one that is subscribed already
    ├── SuppressedAddress     an address that must not be mailed
    ├── BadLink               a signed link that is forged, damaged or out of time
    ├── IllegalStep           a step of consent that the present state does not allow
    ├── BadImport             a file of subscribers that cannot be read
    ├── NoSubscriber          nobody of that address or number
    └── WeakKey               a key that is too short to protect the suppression hashes
"""


class SubscriberError(Exception):
    """The base of all errors of this package. The message is one sentence that may be shown as it is."""


class BadAddress(SubscriberError):
    """What was typed is not one mail address. The message says why, and holds no line break or control."""


class AddressTaken(SubscriberError):
    """A change of address onto one that is subscribed already."""


class SuppressedAddress(SubscriberError):
    """The address must not be mailed: it bounced, complained, or its owner asked never to be mailed again."""


class BadLink(SubscriberError):
    """A signed link that is forged, damaged or out of time."""


class IllegalStep(SubscriberError):
    """A step of consent that the present state does not allow."""


class BadImport(SubscriberError):
    """A file of subscribers that cannot be read as a whole. Single bad rows are reported, not raised."""


class NoSubscriber(SubscriberError):
    """Nobody of that address or number."""


class WeakKey(SubscriberError):
    """The key of the suppression hashes is too short. Addresses are easily guessed: the key must not be."""
