"""The characters that no XML document may hold. One of them is enough to lose a whole feed."""

from __future__ import annotations

#: Everything outside the Char production of XML 1.0 §2.2: controls but for tab, line feed and carriage return; lone
#: surrogates; U+FFFE and U+FFFF. To stand within the brackets of a regular expression, where each room adds what it
#: does not want either.
FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
