"""The organisations that the working group names, each kept once.

``kind`` is empty where the name alone does not settle it: some belong to more than one kind, and
of some we do not know which part took part.
"""

from collections.abc import Mapping

from pages.models import Organisation
from pages.models.organisation import OrganisationKind
from pages.starter.publishing import add_snippet

__all__ = ["Organisations", "create"]

Organisations = Mapping[str, Organisation]

COMPANY = OrganisationKind.COMPANY
UNIVERSITY = OrganisationKind.UNIVERSITY
RESEARCH_INSTITUTE = OrganisationKind.RESEARCH_INSTITUTE
FOUNDATION = OrganisationKind.FOUNDATION
PUBLIC_BODY = OrganisationKind.PUBLIC_BODY
NOT_CERTAIN = ""

ORGANISATIONS = {
    # Home of the working group
    "EDGE AI FOUNDATION": FOUNDATION,
    # Named with the leadership
    "Cadi Ayyad University": UNIVERSITY,
    "IEEE": FOUNDATION,
    "IEEE Consumer Electronics Society": FOUNDATION,
    "OPCW": PUBLIC_BODY,
    "Politecnico di Milano": UNIVERSITY,
    "STMicroelectronics": COMPANY,
    # Named with the forums
    "Arm": COMPANY,
    "Bosch": COMPANY,
    "Efabless": COMPANY,
    "EPFL": UNIVERSITY,
    "ETH Zurich": UNIVERSITY,
    "EURECOM": NOT_CERTAIN,
    "Fondazione Bruno Kessler": NOT_CERTAIN,
    "Harvard": UNIVERSITY,
    "IDC": COMPANY,
    "IDEO": COMPANY,
    "Johns Hopkins": NOT_CERTAIN,
    "Kyung Hee University": UNIVERSITY,
    "Meta": COMPANY,
    "NXP": COMPANY,
    "Particle.io": COMPANY,
    "Qualcomm": COMPANY,
    "Syntiant": COMPANY,
    "Technology Innovation Institute": RESEARCH_INSTITUTE,
    "UC Davis": UNIVERSITY,
    "UNICEF": PUBLIC_BODY,
    "Useful Sensors": COMPANY,
    "Wipro": COMPANY,
}


def create() -> Organisations:
    return {
        name: add_snippet(Organisation(name=name, kind=kind))
        for name, kind in ORGANISATIONS.items()
    }
