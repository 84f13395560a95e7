"""The audit trail: what happened, by whom, append-only, each entry under a MAC and every batch under a signed seal."""

from core.audit.heads import HeadsFile
from core.audit.model import HOST, Entry, Event, ExportPage, ExportPlace, Seal, Verdict
from core.audit.trail import BATCH, AuditTrail
from core.audit.verifying import Verification
from core.audit.words import told

__all__ = [
    "BATCH",
    "HOST",
    "AuditTrail",
    "Entry",
    "Event",
    "ExportPage",
    "ExportPlace",
    "HeadsFile",
    "Seal",
    "Verdict",
    "Verification",
    "told",
]
