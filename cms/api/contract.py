"""Reading the registered operations of ``frontend_contract/``."""

from pathlib import Path

from django.conf import settings

__all__ = ["operation_text"]


def operation_text(name: str) -> str:
    return (Path(settings.FRONTEND_CONTRACT) / "operations" / f"{name}.graphql").read_text()
