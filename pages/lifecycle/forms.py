"""The admin's forms, which show what keeps something from being published beside its field."""

from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

__all__ = ["PublicationForm", "PublicationFormMixin", "PublicationPageForm"]


class PublicationFormMixin(WagtailAdminModelForm):
    """Shows the publication checks beside their fields, unless only a draft is being saved."""

    def _post_clean(self):
        # Not in ``clean``: Django puts the submitted values on the instance in ``_post_clean``,
        # and the checks read the instance.
        super()._post_clean()
        if self.is_deferred_validation:
            return
        for name, messages in self.instance.publication_problems().items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, messages)


class PublicationForm(PublicationFormMixin):
    """The admin form of a snippet."""


class PublicationPageForm(PublicationFormMixin, WagtailAdminPageForm):
    """The admin form of a page."""
