from django import template

from cms.renditions.progress import progress_of

register = template.Library()

register.simple_tag(progress_of, name="sizes_of")
