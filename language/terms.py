"""Closed lists: the words that a field may hold, with what users type for them in Spanish."""

from __future__ import annotations

ACTIVITY_KINDS = ("call", "meeting", "email", "note", "message", "visit")
OUTCOMES = (
    "connected",
    "no answer",
    "voicemail",
    "busy",
    "wrong number",
    "interested",
    "not interested",
    "done",
    "cancelled",
    "no show",
)
DIRECTIONS = ("out", "in")
PRIORITIES = ("low", "normal", "high", "urgent")
ROLES = ("rep", "manager", "admin")
CHANNELS = ("call", "email", "message", "meeting", "visit", "post")
STAGE_OUTCOMES = ("open", "won", "lost")
DEAL_ROLES = (
    "decision maker",
    "influencer",
    "champion",
    "user",
    "buyer",
    "finance",
    "legal",
    "blocker",
)
FIELD_KINDS = ("text", "number", "money", "date", "choice", "flag", "link")
REPEAT_FROM = ("due", "done")

# How each relation reads from the other side; a word that is not here reads the same both ways.
RELATIONS = {
    "manager": "report",
    "report": "manager",
    "assistant": "principal",
    "principal": "assistant",
    "parent": "child",
    "child": "parent",
    "referrer": "referred",
    "referred": "referrer",
    "spouse": "spouse",
    "partner": "partner",
    "sibling": "sibling",
    "friend": "friend",
    "colleague": "colleague",
}

SYNONYMS = {
    "llamada": "call",
    "telefono": "call",
    "phone": "call",
    "reunion": "meeting",
    "correo": "email",
    "mail": "email",
    "nota": "note",
    "mensaje": "message",
    "visita": "visit",
    "baja": "low",
    "alta": "high",
    "urgente": "urgent",
    "entrante": "in",
    "saliente": "out",
    "inbound": "in",
    "outbound": "out",
    "incoming": "in",
    "outgoing": "out",
    "abierta": "open",
    "abierto": "open",
    "ganada": "won",
    "ganado": "won",
    "perdida": "lost",
    "perdido": "lost",
    "si": "yes",
    "comercial": "rep",
    "gerente": "manager",
    "jefe": "manager",
    "boolean": "flag",
    "bool": "flag",
    "yes/no": "flag",
    "yes no": "flag",
    "none": "",
}

ME = frozenset({"me", "yo", "mi"})
"""What people call themselves where a user is asked for, as `fold` leaves it."""
