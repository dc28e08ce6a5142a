from tests import factories
from tests.api_ids import id_beneath, id_of


def test_charter_operation_answers_everything_about_the_charter(db, run_operation, statements):
    page = factories.charter_page(
        technologies=[
            ("technology", {"heading": "Neural processing units", "abbreviation": "NPU"}),
            ("technology", {"heading": "In-memory computing", "abbreviation": ""}),
        ],
        objectives_introduction="<p>What we are here for.</p>",
        objectives=[
            ("objective", {"heading": "Share knowledge", "text": "Seminars and tutorials."}),
            ("objective", {"heading": "Work together", "text": "Across sectors."}),
        ],
        search_description="What the group is for.",
    )
    run_operation("charter")

    with statements(3):
        data = run_operation("charter")

    technologies, objectives = page.technologies, page.objectives
    assert data == {
        "charter": {
            "id": id_of(page),
            "title": "Charter",
            "path": "/charter/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Charter", "description": "What the group is for.", "image": None},
            "statement": {"html": "<p>Statement.</p>"},
            "efficiencyQualifier": "TYPICALLY_AT_LEAST",
            "efficiencyScale": "peta-operations per watt",
            "efficiencyUnit": "POp/W",
            "technologies": [
                {
                    "id": id_beneath(page, "technologies", technologies[0].id),
                    "heading": "Neural processing units",
                    "abbreviation": "NPU",
                },
                {
                    "id": id_beneath(page, "technologies", technologies[1].id),
                    "heading": "In-memory computing",
                    "abbreviation": None,
                },
            ],
            "definition": {"html": "<p>Definition.</p>"},
            "mission": {"html": "<p>Mission.</p>"},
            "objectivesIntroduction": {"html": "<p>What we are here for.</p>"},
            "objectives": [
                {
                    "id": id_beneath(page, "objectives", objectives[0].id),
                    "heading": "Share knowledge",
                    "text": "Seminars and tutorials.",
                },
                {
                    "id": id_beneath(page, "objectives", objectives[1].id),
                    "heading": "Work together",
                    "text": "Across sectors.",
                },
            ],
        }
    }


def test_charter_is_null_while_there_is_none(db, run_operation):
    factories.home_page()

    data = run_operation("charter")

    assert data == {"charter": None}
