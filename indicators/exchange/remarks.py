"""What a person should know of an import, in a few lines beside the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST_LINES = 20
_HOW = {
    "cut_off": "drops decimals of the rate",
    "percent_without_unit": "is a percentage without saying so; the rate is",
    "differs": "is not the rate",
}


def remarks(document: Mapping[str, Any]) -> list[str]:
    """Tell what was imported, and each thing to look at, at most 20 of them.

    Args:
        document: what `import_files` returned.
    """
    found = [*_differences(document), *_notes(document)]
    more = [f"And {len(found) - MOST_LINES} more; see the document."] * (len(found) > MOST_LINES)
    return [_heading(document), *found[:MOST_LINES], *more]


def _heading(document: Mapping[str, Any]) -> str:
    counted = {
        "measure": len(document["measures"]),
        "group of a measure": sum(len(measure["groups"]) for measure in document["measures"]),
        "report": len(document["reports"]),
    }
    plural = {"group of a measure": "groups of measures"}
    said = [
        f"{count} {name if count == 1 else plural.get(name, name + 's')}"
        for name, count in counted.items()
        if count
    ]
    return f"Imported: {', '.join(said)}."


def _differences(document: Mapping[str, Any]) -> Iterator[str]:
    for report in document["reports"]:
        for group in report["groups"]:
            for part in (group, *group["strata"]):
                if part["agreement"]["agrees"] is False:
                    how = _HOW[part["agreement"]["how"]]
                    score = part["reported_score"]["value"]
                    yield f"{part['place']}: The score {score} {how} {part['rate']} of its counts."


def _notes(document: Mapping[str, Any]) -> Iterator[str]:
    for measure in document["measures"]:
        for group in measure["groups"]:
            if group["to_complete"]:
                yield f"{group['place']}: To complete: {', '.join(group['to_complete'])}."
    for part in (*document["measures"], *document["reports"]):
        yield from (f"{part['place']}: {note}" for note in part["notes"])
        for group in part["groups"]:
            yield from (f"{group['place']}: {note}" for note in group.get("notes", ()))
