from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "cms.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.admin.views.pages.listing import PageListingMixin
        from wagtail.admin.views.reports.locked_pages import LockedPagesView
        from wagtail.admin.views.reports.workflows import WorkflowView
        from wagtail.signals import task_approved

        from cms.approvals import lists, receivers

        task_approved.connect(receivers.approved, dispatch_uid="approvals.seen")

        PageListingMixin.annotate_queryset = lists.for_pages(PageListingMixin.annotate_queryset)
        LockedPagesView.get_queryset = lists.for_locked_pages(LockedPagesView.get_queryset)
        WorkflowView.decorate_paginated_queryset = lists.for_workflows(
            WorkflowView.decorate_paginated_queryset
        )
