"""The kinds of institutions that the programme reports by."""

from collections.abc import Mapping
from types import MappingProxyType

from lms.i18n import N_

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "foreign-affairs": N_("Foreign affairs"),
        "governance": N_("Governance"),
        "public-security": N_("Public security"),
        "health": N_("Health"),
        "migration": N_("Migration"),
        "local-government": N_("Local government"),
        "police": N_("Police"),
        "women": N_("Women's institution"),
        "children": N_("Children and adolescents"),
        "education": N_("Education"),
        "labour": N_("Labour"),
        "justice": N_("Justice"),
        "civil-protection": N_("Civil protection"),
        "shelters": N_("Shelters"),
        "youth": N_("Youth"),
        "ngos": N_("NGOs"),
        "human-rights": N_("Human rights"),
        "lgbti": N_("LGBTI organisations"),
        "other": N_("Other"),
    }
)
"""By the name in the database."""
