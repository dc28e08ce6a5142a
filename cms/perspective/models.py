"""Django looks for models here."""

from cms.perspective.tokens import PreviewToken

__all__ = ["PreviewToken"]
