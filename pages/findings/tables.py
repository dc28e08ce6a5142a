"""Findings as a table, for readers who cannot use a chart."""

from __future__ import annotations

from typing import Any

import graphene

from pages.findings.findings import findings_of, title_of

__all__ = ["AccessibleTable", "accessible_table"]


class AccessibleTable(graphene.ObjectType):
    """The same findings as a table, for readers who cannot use a chart."""

    caption = graphene.String(required=True, description="What the table shows.")
    columns = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Column headings."
    )
    rows = graphene.List(
        graphene.NonNull(graphene.List(graphene.NonNull(graphene.String))),
        required=True,
        description="One row an option, one text a column.",
    )


def accessible_table(question: dict[str, Any]) -> dict[str, Any]:
    """What is known besides the shares stands in columns of its own: how many, and notes."""
    findings = findings_of(question)
    columns = ["Rank", "Answer", "Share of respondents"]
    rows = [[str(each.rank), each.text, each.figure or "not measured"] for each in findings]
    if any(each.count is not None for each in findings):
        columns.append("Respondents")
        counts = ["not known" if each.count is None else str(each.count) for each in findings]
        rows = [[*row, count] for row, count in zip(rows, counts, strict=True)]
    if any(each.note for each in findings):
        columns.append("Note")
        rows = [[*row, each.note] for row, each in zip(rows, findings, strict=True)]
    return {"caption": title_of(question), "columns": columns, "rows": rows}
