"""The databases that tests are given: migrated, empty, the product's own engine on them."""

from sqlalchemy import Engine, inspect, text

from portal.db.engine import make_engine


def test_a_database_is_migrated_and_can_be_written(engine: Engine) -> None:
    assert "alembic_version" in inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_this_test_alone (x int)"))


def test_the_next_test_gets_a_database_of_its_own(engine: Engine) -> None:
    assert "of_this_test_alone" not in inspect(engine).get_table_names()


def test_a_blank_database_has_no_tables(blank_database_url: str) -> None:
    engine = make_engine(blank_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
