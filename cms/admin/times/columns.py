"""A column of a listing with moments in the reader's time zone, whether past or to come."""

from wagtail.admin.ui.tables import Column

from cms.admin.times.time_zones import local_moment

__all__ = ["MomentColumn"]


class MomentColumn(Column):
    def get_value(self, instance):
        moment = super().get_value(instance)
        return local_moment(moment) if moment else ""
