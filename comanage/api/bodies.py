"""A request body that is a file: handed on as a stream, never as text."""

from typing import IO, Any

from rest_framework.parsers import BaseParser

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
EXTENSION = {CSV: ".csv", XLSX: ".xlsx", PARQUET: ".parquet"}


class _FileBody(BaseParser):
    """Hand the view the raw stream."""

    def parse(  # type: ignore[override]  # the view wants the bytes, not a mapping
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> IO[Any]:
        """Return the stream unread."""
        return stream


class CsvBody(_FileBody):
    """A CSV file."""

    media_type = CSV


class XlsxBody(_FileBody):
    """An Excel workbook."""

    media_type = XLSX


class ParquetBody(_FileBody):
    """A Parquet file."""

    media_type = PARQUET


FILE_BODIES = (CsvBody, XlsxBody, ParquetBody)
