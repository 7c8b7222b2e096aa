"""What a refusal says of a person: whether there is such a mailbox at all. Pure; what becomes of them is suppression's.

It reads what a relay answers on the wire, and what comes back later as a bounce.
"""

from __future__ import annotations

import re

#: Enhanced codes (RFC 3463, RFC 7505) that say by themselves that nobody is there: no such mailbox, no such domain,
#: the mailbox has moved and left no address, the domain takes no mail.
_NOBODY = frozenset({"5.1.1", "5.1.2", "5.1.6", "5.1.10"})

#: Enhanced codes that say too little, so that the words decide; empty for a reply without one. Outlook says 5.5.0 of a
#: mailbox that does not exist, IronPort 5.1.0, sendmail's tables 5.3.0, and Exchange 5.4.310 of a domain.
_WORDS_DECIDE = re.compile(r"(5\.0\.0|5\.1\.(?!7$|8$)\d+|5\.2\.1|5\.3\.0|5\.4\.(0|4|310)|5\.5\.0)?")
#: Reply codes whose words may say so. 552 is a full mailbox, and below 510 stands what is said of the conversation.
_CODES = frozenset({510, 511, 550, 551, 553, 554})
#: The domain takes no mail (RFC 7504).
_NO_MAIL_HERE = 556

#: An enhanced code: "5.1.1", "#5.1.1" and "(#5.1.1)", and not a piece of an IP address.
_ENHANCED = re.compile(r"(?<![\w.])[#(]*(5\.\d{1,3}\.\d{1,3})(?![.\d]*\d)")
#: Addresses, links and names of machines: what they are called says nothing ("spam@…", "relay3.example.org").
_ADDRESSES = re.compile(r"<[^>]*>|[^\s\"'(<]+@[^\s\"')>,;:]+")
_NAMES = re.compile(r"https?://\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)+\b")

_WHO = (
    r"(?:users?|recipients?|mailbox|mailboxes|inbox|account|address|addressee|alias|person|customer|member|subscriber|"
    r"username|login|name|domain|host)"
)
#: Words between the one who is spoken of and what is said of them.
_BETWEEN = r"(?:[\w'’/-]+[ ,:]+){0,8}?"

#: How mail systems say that nobody is there, as far as it is told by words. Lower case, without names.
_NOBODY_WORDS = re.compile(
    "|".join(
        (
            # Postfix, sendmail, Exim, Proofpoint, MDaemon: "User unknown", "unknown recipient", "addressee unknown"
            rf"\b{_WHO}\b(?: name| address| account)?(?: is| was)?:? (?:\(?an? )?(?:unknown|unrouteable|unroutable)\b",
            rf"\bunknown (?:or illegal |to |local |virtual |mail |e-?mail |destination |final )*(?:{_WHO}|part)\b",
            r"\b(?:unrouteable|unroutable) (?:mail )?address\b",
            r"\billegal alias\b",
            # cPanel, Gmail, Barracuda: "No such user here", "no such local user", "no mailbox here by that name"
            rf"\bno such (?:[\w'’-]+ ){{0,2}}?(?:{_WHO}|person|one)\b",
            rf"\b(?:no|not an?)(?: valid| known| active)? (?:{_WHO}|one) (?:here |found |exists )*"
            r"(?:by|with|of|under|for) (?:that|this)\b",
            r"\bnobody (?:here )?(?:by|with|of) (?:that|this) name\b",
            rf"\bno (?:{_WHO}) (?:here|found)\b",
            rf"\bthere is no (?:such )?{_WHO}\b",
            # Gmail, iCloud, Zoho, Yahoo: "… does not exist", "This user doesn't have a yahoo.com account"
            rf"\b{_WHO}\b[ ,:]+{_BETWEEN}(?:does|do|did)(?: not|n['’]?t) (?:seem to |appear to )?exist\b",
            rf"\b{_WHO}\b[ ,:]+{_BETWEEN}not exist(?:s|ing)?\b",
            rf"\b{_WHO}\b[ ,:]+{_BETWEEN}(?:does(?: not|n['’]?t)) have an?\b[\w ]*\baccount\b",
            rf"\bnon-?exist(?:e|a)nt (?:{_BETWEEN})?{_WHO}\b",
            rf"\b{_WHO}\b(?: is| was)? non-?exist(?:e|a)nt\b",
            # AOL, Exchange, Domino, mail.ru: "mailbox not found", "not listed in Domino Directory"
            rf"\b{_WHO}\b[ ,:]+(?:name |address |is |was |could |can |cannot |be ){{0,3}}?(?:not|n['’]t)(?: be)? "
            r"(?:found|known|valid|recogni[sz]ed|located|listed|registered|defined)\b",
            rf"\b{_WHO}\b[ ,:]+(?:could|can) ?not be found\b",
            r"\brecip(?:ient)?notfound\b",
            r"\bnot listed in (?:the )?(?:domino directory|public name)",
            rf"\bnot an? (?:valid|known|local|existing) (?:e-?mail )?{_WHO}\b",
            r"\bnot (?:our|a) (?:customer|user)\b",
            # Mimecast, RFC 3463: "Invalid Recipient", "bad destination mailbox address"
            rf"\b(?:invalid|bad) (?:destination |final |e-?mail |mail )*{_WHO}\b",
            rf"\b{_WHO}\b(?: is)? invalid\b",
            # RFC 5321's own words of a 550, which GMX, Outlook and many others say and nothing else
            r"\bmailbox(?: is)? (?:unavailable|not available)\b",
            # 5.2.1, and what is said of a mailbox that was given up
            rf"\b{_WHO}\b[ ,:]+{_BETWEEN}"
            r"(?:disabled|deactivated|discontinued|terminated|inactive|deleted|closed|cancell?ed)\b",
            rf"\b{_WHO}\b[ ,:]+{_BETWEEN}no longer\b",
            r"\binactiv(?:e|ity)\b.*\bmailbox\b|\bmailbox\b.*\binactivity\b",
            # IronPort, and nothing but this
            r"^\W*address rejected\W*$",
        )
    )
)
#: What speaks of something else, whatever stands beside it: spam, size, rate, policy, us.
_ELSE_WORDS = re.compile(
    r"\b(?:spam\w*|unsolicited|junk|bulk|virus\w*|malware|content|reputation|polic(?:y|ies)|prohibit\w*|"
    r"administrative\w*|quota\w*|overquota|full|storage|exceed\w*|too (?:many|much|large|big|long|fast)|rate|limits?|"
    r"throttl\w*|gr[ae]y ?-?list\w*|black ?-?list\w*|block ?-?list\w*|deny ?-?list\w*|rbl|dnsbl|banned|"
    r"blocked(?! due to inactivity)|temporar\w*|(?:try|again) (?:again )?later|"
    r"spf|dkim|dmarc|authenticat\w*|unauthenticated|helo|ehlo|ptr|rdns|reverse|client host|"
    r"your (?:ip|host|server|mail server|isp|mta|network|domain)|"
    r"rcpthosts|access denied|permission|not (?:authori[sz]ed|allowed|permitted)|"
    r"relaying|relay access|(?:un)?able to relay|relay (?:not|is not)|"
    r"(?:unknown|invalid|bad|your) sender|sender(?:['’]s)? (?:e-?mail |domain )?(?:address|verif\w*|domain)|"
    r"sender (?:is|not|unknown|rejected|denied)|sender:|return path|mail from|envelope from)\b"
)


def no_such_mailbox(code: int | None, words: str) -> bool:
    """Whether a refusal says plainly that there is no such mailbox or domain, so that it must not be mailed again.

    ``code`` is the SMTP reply code and ``words`` is what follows it, with its enhanced code if it has one. None (words
    of ours, no reply) never says so, nor does a 4xx, nor what may be said of a mailbox that is there: full, over its
    rate, spam, policy. Where both could be meant it says no: a mail too many does less harm than a person lost.
    """
    if code is None or code // 100 != 5:
        return False
    found = _ENHANCED.search(words)
    enhanced = found[1] if found else ""
    said = _NAMES.sub(" ", _ADDRESSES.sub(" account ", _ENHANCED.sub(" ", words)))
    said = " ".join(said.lower().split())
    if _ELSE_WORDS.search(said):
        return False
    if enhanced in _NOBODY or code == _NO_MAIL_HERE:
        return True
    return code in _CODES and bool(_WORDS_DECIDE.fullmatch(enhanced)) and bool(_NOBODY_WORDS.search(said))
