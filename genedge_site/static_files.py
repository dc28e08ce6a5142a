"""How a server keeps the files that ship with the code."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

__all__ = ["StaticFiles"]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Some packages name a source map that they do not ship. Only their own developers would miss
    it, so it does not stop the collecting, as any other missing file does."""

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if name.endswith(".map"):
                return name
            raise
