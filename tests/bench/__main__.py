"""`make bench`."""

from tests.bench import submissions
from tests.bench.table import text


def main() -> None:
    print(text(list(submissions.measure())))


if __name__ == "__main__":
    main()
