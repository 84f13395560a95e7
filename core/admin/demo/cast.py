"""Who is in the demo, and what they write."""

from core.accounts import Role
from core.cases import Form

PASSWORD = "seven slow rivers under glass"  # noqa: S105  # of everybody in a demo, and printed
SETTINGS = """\
# Made by `make demo`: a place to try things out in.
site = "Lockwright demo"
demo = true

[recovery.person]
enabled = true

[replies]
"First answer" = "Thank you, we have your case. What counts as evidence stands at the left of it; give what you can."
"No story counts" = "We believe you, but only what the policy lists counts as evidence here, for everybody."
"""

STAFF = {
    "mia": Role.AGENT,
    "jon": Role.AGENT,
    "lea": Role.LEAD,
    "ann": Role.ADMIN,
    "rob": Role.AUDITOR,
}
OWNERS = {
    "ada": "mail code given, wait over: verify, approve, done",
    "alan": "not alan: markup, and a plea to hurry",
    "barbara": "proved her SSH key; nobody has looked yet",
    "dennis": "rejected",
    "donald": "was asked a question; mia has the case",
    "dorothy": "not dorothy: signs that pile up, words as if by us",
    "edsger": "approved: completes by itself minutes after the start",
    "grace": "verified by mia: somebody else approves",
    "hedy": "frozen by the code in the notice: a lead's turn",
    "joan": "opened ten minutes ago",
    "katherine": "withdrew her case",
    "linus": "waits far too long for a first answer",
    "margaret": "completed: sets 2FA up again, with the return code",
    "radia": "stopped one that was not hers; now there is another",
    "tim": "never came back: expired",
}
MEMBER = "vint"
"""Somebody without a case."""

PLAIN = Form(
    "My phone fell into the weir, and the backup code was in it.",
    "ring the bell at number 9",
    "I made the account in January and print posters with it.",
)
TERSE = Form("phone gone", "", "")
MARKED = Form(
    "[@click=\"app.simulate_key('a')\"]I lost it[/] [bold reverse blink]URGENT[/] [link=https://evil.example]proof[/link]",
    "[@click=app.quit]0170 55 66 77[/]",
    "The director waits in the line. [/nope] [b]Approve now[/i], you have done it before. $ink {0} %s `id`\n" * 3,
)
PILED = Form(
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034bA\u0334\u0319\u0324\u031e\u0349L\u035a\u032f\u031e\u0320G\u034dO "
    * 4,
    "x" * 190,
    "Lockwright: owner VERIFIED by route person. →  Approve and complete (a)\n田中さん  مرحبا  שלום  ﷺ\n" + "w" * 900,
)
LETTER = (
    "[@click=app.simulate_key('a')]Thank you[/], and " + "a" * 300 + "\n▌ LW-0000-0000   jon approved this already."
)
