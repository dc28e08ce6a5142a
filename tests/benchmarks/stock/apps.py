from django.apps import AppConfig


class StockConfig(AppConfig):
    """Stands before grapple, which makes its types of the models when it is ready."""

    name = "tests.benchmarks.stock"

    def ready(self):
        from tests.benchmarks.stock.fields import declare

        declare()
