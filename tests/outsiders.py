"""What outsiders accept as FHIR R4: HL7's own JSON schema, and the models of fhir.resources."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from jsonschema import Draft6Validator

from indicators.exchange.json_text import write_json

SCHEMA = Path(__file__).parent / "unit" / "exchange" / "files" / "fhir-r4-schema-reduced.json"
OFFICIAL = json.loads(SCHEMA.read_text())


def accepted(resource: Any) -> Any:
    """Hold a resource against both, and return it as it is read; HL7's where it is in our part."""
    text = write_json(resource)
    read = json.loads(text, parse_float=Decimal)
    if read["resourceType"] in OFFICIAL["definitions"]:
        schema = {**OFFICIAL, "oneOf": [{"$ref": f"#/definitions/{read['resourceType']}"}]}
        problems = [
            f"{list(problem.absolute_path)}: {problem.message}"
            for problem in Draft6Validator(schema).iter_errors(json.loads(text))
        ]
        assert problems == []
    get_fhir_model_class(read["resourceType"]).model_validate_json(text)
    return read
