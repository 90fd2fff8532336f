"""`make bench`: one table, everything measured side by side in this run."""

from tests.bench import billing, capacity, loading, submissions
from tests.bench.stand import stands
from tests.bench.table import text


def main() -> None:
    with stands() as running:
        rows = [*loading.measure(running), *capacity.measure(running)]
    print(text([*rows, *submissions.measure(), *billing.measure()]))


if __name__ == "__main__":
    main()
