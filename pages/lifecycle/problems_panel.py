"""What is wrong in the blocks of a draft, said in the form above them."""

from typing import Any

from wagtail.admin.panels import Panel

__all__ = ["ProblemsPanel"]


class ProblemsPanel(Panel):
    """A draft keeps what was typed, right or wrong; here stands what publishing would refuse.

    Saving fills it anew: see ``wagtailadmin/generic/edit_partials.html``.
    """

    def __init__(self, field_name: str, **kwargs: Any):
        super().__init__(**kwargs)
        self.field_name = field_name

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "field_name": self.field_name}

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/problems_panel.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            name = self.panel.field_name
            is_new = self.instance._state.adding
            problems = {} if is_new else self.instance.problems_to_show()
            return {**context, "name": name, "problems": problems.get(name, [])}
