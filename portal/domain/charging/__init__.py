"""How a month is charged: each method a pure function from dated facts to proved lines."""
