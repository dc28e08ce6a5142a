"""Links from a screen to what the guide says about it."""

from django import template

from cms.admin.guide import GUIDE

register = template.Library()


@register.inclusion_tag("admin/help_link.html")
def help_link(section: str) -> dict[str, str]:
    """Raises ``KeyError`` when the guide has no section of this anchor."""
    return {"section": section, "words": f"Guide: {GUIDE.sections[section]}"}
