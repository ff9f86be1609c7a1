"""Replace the case ids of a CSV file by keyed ones, at the hospital and before it is sent.

HMAC-SHA-256 under a key that never leaves the hospital: the same stay has the same keyed id each
month, and nobody without the key finds the stay. Lose the key, and no file fits the earlier ones.

    openssl rand -out case-ids.key 32
    key_case_ids.py --key case-ids.key --column encounter_id < stays.csv > keyed.csv
"""

import argparse
import csv
import hmac
import sys
from pathlib import Path

FEWEST_BITS = 128


def keyed(case_id: str, key: bytes, bits: int) -> str:
    """Return a case's keyed id, in hexadecimal; spaces around the id do not count."""
    return hmac.digest(key, case_id.strip().encode(), "sha256").hex()[: bits // 4]


def main() -> None:
    """Read a file from standard input, and write it with keyed ids."""
    parser = argparse.ArgumentParser(description="Replace the case ids of a CSV file.")
    parser.add_argument("--key", type=Path, required=True, help="a file of random bytes")
    parser.add_argument("--column", required=True, help="the column that holds the case ids")
    parser.add_argument("--bits", type=int, choices=(128, 192, 256), default=256)
    given = parser.parse_args()
    key = given.key.read_bytes()
    if len(key) * 8 < FEWEST_BITS:
        parser.error(f"The key has fewer than {FEWEST_BITS} bits. Make one of 32 random bytes.")
    rows, written = csv.reader(sys.stdin, strict=True), csv.writer(sys.stdout, lineterminator="\n")
    header = next(rows, [])
    if header.count(given.column) != 1:
        parser.error("The first line does not name the column once.")
    place = header.index(given.column)
    written.writerow(header)
    for number, row in enumerate(rows, 2):
        if len(row) != len(header) or not row[place].strip():
            parser.error(f"Row {number} has no case id, or not a cell for each column.")
        written.writerow([*row[:place], keyed(row[place], key, given.bits), *row[place + 1 :]])


if __name__ == "__main__":
    main()
