"""`make bench`: one table, everything measured side by side in this run."""

from tests.bench import billing, capacity, loading, payments, push, statements, submissions
from tests.bench.stand import stands
from tests.bench.table import text


def main() -> None:
    with stands() as running:
        rows = [*loading.measure(running), *capacity.measure(running)]
    rows += [*submissions.measure(), *statements.measure(), *payments.measure(), *push.measure()]
    rows += billing.measure()
    print(text(rows))


if __name__ == "__main__":
    main()
