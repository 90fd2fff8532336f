"""A file with a row of every table that months are charged by, over the small house."""

from tests.imports.conftest import HOUSE

MONTH = """
[[suppliers]]
key = "vodokanal"
name = "АО «Водоканал»"
inn = "7736520080"
account = "40702810338360027201"
bank_name = "ПАО Сбербанк"
bic = "044525225"

[[services]]
tariff = "ХВС"
external_id = "sewerage"
name = "Водоотведение"
unit = "м³"
kind = "periodic"
method = "waters"
sources = ["zkh_cold"]

[[services]]
tariff = "ХВС"
external_id = "zkh_power"
name = "Электроэнергия"
unit = "кВт·ч"
kind = "one_time"
method = "bands"
fallback = "average_then_norm"

[[services]]
tariff = "ХВС"
external_id = "common_water"
name = "Общедомовая вода"
unit = "м³"
kind = "periodic"
method = "common_house"

[[services]]
tariff = "ХВС"
external_id = "heating"
name = "Отопление"
unit = "Гкал"
kind = "periodic"
method = "heating_norm"

[[service_terms]]
tariff = "ХВС"
service = "sewerage"
valid_from = 2026-01-01
scheme = "agency"
supplier = "vodokanal"
commission_percent = "3,5"

[[norms]]
tariff = "ХВС"
service = "sewerage"
kind = "norm"
valid_from = 2026-01-01
value = "7,56"

[[coefficients]]
tariff = "ХВС"
service = "zkh_cold"
valid_from = 2025-12-06
value = 3

[[bands]]
tariff = "ХВС"
service = "zkh_power"
valid_from = 2026-01-01
steps = [{ upto = 125, price = "5,10" }, { price = "7,40" }]

[[houses]]
key = "ул. Ленина, 1"
address = "г. Москва, ул. Ленина, 1"
operator = "uk"

[[house_facts]]
house = "ул. Ленина, 1"
kind = "total_area"
valid_from = 2026-01-01
value = "3000,5"

[[house_choices]]
house = "ул. Ленина, 1"
service = "common_water"
valid_from = 2026-10-01
choice = "uncapped"

[[house_choices]]
house = "ул. Ленина, 1"
service = "heating"
valid_from = 2026-07-01
choice = "all_year"
season_months = 7

[[house_volumes]]
house = "ул. Ленина, 1"
service = "zkh_cold"
period = "2026-10"
volume = 412

[[house_volumes]]
house = "ул. Ленина, 1"
service = "zkh_cold"
period = "2026-10"
volume = "421,5"
revision = 1

[[premises]]
key = "3"
address = "ул. Ленина, 1, кв. 3"
house = "ул. Ленина, 1"
residents_registered = 2

[[premises_facts]]
premises = "3"
kind = "residents"
valid_from = 2026-10-14
value = 3

[[absences]]
premises = "3"
left_on = 2026-07-01
returned_on = 2026-07-20
persons = 1
document = "Справка № 1"

[[account_tariffs]]
account = 17
tariff = "ХВС"
valid_from = 2026-01-01

[[account_facts]]
account = 17
service = "zkh_cold"
kind = "meter_possible"
valid_from = 2026-01-01
value = 1

[[usages]]
account = 17
service = "house"
external_id = "cdr-1"
period = "2026-10"
volume = 12
amount = "24,00"

[[works]]
account = 17
service = "house"
key = "call-1"
done_on = 2026-10-05
quantity = 1

[[key_rates]]
valid_from = 2026-10-24
percent = "16,5"

[[rate_caps]]
valid_from = 2025-01-01
valid_to = 2026-12-31
percent = "9,5"

[[due_days]]
valid_from = 2026-03-01
day = 15

[[due_days]]
operator = "uk"
valid_from = 2026-03-01
day = 20

[[days_off]]
day = 2026-11-04
"""
MONTHLY = HOUSE + MONTH
