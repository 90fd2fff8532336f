"""Single faults of the tables that months are charged by, written as `wrong_fields` are."""

_SINCE = "valid_from = 2026-01-01\n"
# What the correction that follows corrects.
_FIRST_VOLUME = """[[house_volumes]]
house = "ул. Ленина, 1"
service = "zkh_cold"
period = "2026-10"
volume = 1

[[house_volumes]]
"""

WRONG_MONTH: dict[str, tuple[str, str, str]] = {
    # --- decisions of houses ---
    "a decision in the middle of a month": (
        "valid_from = 2026-10-01\nchoice",
        "valid_from = 2026-10-14\nchoice",
        "решение действует с первого дня месяца",
    ),
    "a decision that its service does not ask for": (
        'choice = "uncapped"',
        'choice = "season"',
        "«season» бывает у услуг, которые начисляются так: heating_house, heating_norm",
    ),
    "a decision about a code that is in no tariff": (
        'service = "common_water"',
        'service = "common_wine"',
        "услуги с кодом «common_wine» нет ни в одном тарифе",
    ),
    "a norm all the year round without its season": (
        "season_months = 7\n",
        "",
        "у «all_year» по нормативу нужно «season_months», месяцев отопительного периода",
    ),
    "a season of what is paid in it": (
        'choice = "uncapped"',
        'choice = "uncapped"\nseason_months = 7',
        "«season_months» бывает только у «all_year»",
    ),
    "a season of thirteen months": (
        "season_months = 7",
        "season_months = 13",
        "поле «season_months»: 13 не годится, бывает от 1 до 12",
    ),
    # --- services ---
    "a method that nobody knows": (
        'method = "waters"\nsources = ["zkh_cold"]',
        'method = "water"',
        "поле «method»: «water» не годится, бывает: «metered», «metered_month»",
    ),
    "a monthly service with a meter of its own": (
        'method = "waters"\nsources = ["zkh_cold"]',
        'method = "metered_month"',
        "«metered_month» бывает только у разовой услуги: у нее есть показания",
    ),
    "sources of what has its own volume": (
        'method = "waters"',
        'method = "area"',
        "«area» не берет объемы других услуг: «sources» здесь лишнее",
    ),
    "a source that is in no tariff": (
        '["zkh_cold"]',
        '["zkh_clod"]',
        "[[services]] «ХВС» / «sewerage»: услуги с кодом «zkh_clod» нет ни в одном тарифе",
    ),
    "a source that is no code": ('["zkh_cold"]', '["a/b"]', "поле «sources»: «a/b» не годится"),
    "a fallback of what needs no readings": (
        'sources = ["zkh_cold"]',
        'sources = ["zkh_cold"]\nfallback = "average_then_norm"',
        "«waters» не обходится без показаний: «fallback» здесь лишнее",
    ),
    # --- suppliers and terms ---
    "a supplier's INN with a misprint": ("7736520080", "7736520081", "ИНН «7736520081»"),
    "a supplier's BIC with a misprint": ("044525225", "044525226", "Счет «"),
    "a supplier's account with a misprint": (
        "40702810338360027201",
        "40702810338360027202",
        "не сходится контрольный ключ",
    ),
    "an agency without a supplier": (
        'supplier = "vodokanal"\n',
        "",
        "[[service_terms]] «ХВС» / «sewerage» / «2026-01-01»: у «agency» нужен «supplier»",
    ),
    "a supplier of the operator's own service": (
        'scheme = "agency"\nsupplier = "vodokanal"\ncommission_percent = "3,5"',
        'scheme = "own"\nsupplier = "vodokanal"',
        "«own» — услуга самого исполнителя, поставщика у нее нет",
    ),
    "a commission without an agency": (
        'scheme = "agency"',
        'scheme = "direct"',
        "комиссия бывает только у «agency»",
    ),
    "two commissions": (
        'commission_percent = "3,5"',
        'commission_percent = "3,5"\ncommission_fixed = "1"',
        "нужно одно поле из двух",
    ),
    "more than a hundred percent": (
        'commission_percent = "3,5"',
        'commission_percent = "101"',
        "поле «commission_percent»: не может быть больше 100 процентов",
    ),
    "an undescribed supplier": (
        'supplier = "vodokanal"',
        'supplier = "vodocanal"',
        "поставщик «vodocanal» не описан, а на него ссылается порядок расчетов",
    ),
    # --- norms and bands ---
    "a norm of an undescribed service": (
        'service = "sewerage"\nkind = "norm"',
        'service = "sewer"\nkind = "norm"',
        "услуга «sewer» тарифа «ХВС» не описана, а на нее ссылается норматив",
    ),
    "a norm below zero": ('"7,56"', '"-7,56"', "поле «value»: не может быть меньше нуля"),
    "a norm told twice": (
        "",
        f'[[norms]]\ntariff = "ХВС"\nservice = "sewerage"\nkind = "norm"\n{_SINCE}value = 8\n',
        "это уже есть в файле выше",
    ),
    "bands that do not rise": (
        '{ price = "7,40" }',
        '{ upto = 125, price = "6" }, { price = "7,40" }',
        "границы «upto» должны расти",
    ),
    "bands with an end": (
        '{ price = "7,40" }',
        '{ upto = 300, price = "7,40" }',
        "без «upto» бывает последний диапазон, и только он",
    ),
    "a band without a price": (
        '{ price = "7,40" }',
        "{ }",
        "поле «steps», 2-я запись: не хватает поля «price»",
    ),
    # --- houses and premises ---
    "an undescribed house": (
        'house = "ул. Ленина, 1"\nresidents',
        'house = "ул. Ленина, 2"\nresidents',
        "[[premises]] 3: дом «ул. Ленина, 2» не описан, а на него ссылается помещение 3",
    ),
    "a house volume of a month to come": (
        'period = "2026-10"\nvolume = 412\n\n[[house_volumes]]\n',
        'period = "2026-12"\nvolume = 412\n\n' + _FIRST_VOLUME,
        "месяц 2026-12 ещё не наступил",
    ),
    "a house volume of an unknown service": (
        'service = "zkh_cold"\nperiod = "2026-10"\nvolume = 412\n\n[[house_volumes]]\n',
        'service = "zkh_clod"\nperiod = "2026-10"\nvolume = 412\n\n' + _FIRST_VOLUME,
        "услуги с кодом «zkh_clod» нет ни в одном тарифе",
    ),
    "a correction of nothing": (
        "revision = 1",
        "revision = 2",
        "исправление № 2, а № 1 не загружено",
    ),
    "half a resident": ("value = 3\n\n[[absences]]", 'value = "2,5"\n\n[[absences]]', "не число"),
    "a return before the leave": (
        "returned_on = 2026-07-20",
        "returned_on = 2026-07-01",
        "возвращение не позже отъезда",
    ),
    # --- accounts ---
    "a history of an undescribed tariff": (
        'account = 17\ntariff = "ХВС"',
        'account = 17\ntariff = "Другой"',
        "тариф «Другой» не описан, а на него ссылается смена тарифа",
    ),
    "half a possible meter": (
        "value = 1\n\n[[usages]]",
        'value = "0,5"\n\n[[usages]]',
        "у «meter_possible» бывает 1 (можно поставить) и 0 (нельзя)",
    ),
    "usage of a month to come": (
        'external_id = "cdr-1"\nperiod = "2026-10"',
        'external_id = "cdr-1"\nperiod = "2026-12"',
        "месяц 2026-12 ещё не наступил",
    ),
    "a work of tomorrow": (
        "done_on = 2026-10-05",
        "done_on = 2026-11-25",
        "[[works]] 17 / «house» / «call-1»: дата 25.11.2026 ещё не наступила",
    ),
    # --- rates and days ---
    "a cap that ends first": (
        "valid_to = 2026-12-31",
        "valid_to = 2024-12-31",
        "предел кончается раньше, чем начинается",
    ),
    "two caps at once": (
        "",
        '[[rate_caps]]\nvalid_from = 2026-12-31\nvalid_to = 2027-12-31\npercent = "9"\n',
        "пересекается с пределом от 01.01.2025",
    ),
    "a due day that not every month has": ("day = 15", "day = 31", "поле «day»: 31 не годится"),
    "a day off told twice": ("", "[[days_off]]\nday = 2026-11-04\n", "это уже есть в файле выше"),
}

STORED_MONTH = {
    "a source": ('["zkh_cold"]', '["house"]', "поле «sources»: уже загружено zkh_cold"),
    "a commission": ('"3,5"', '"4"', "поле «commission_percent»: уже загружено 3,5, а в файле 4"),
    "a norm": ('"7,56"', '"7,57"', "поле «value»: уже загружено 7,56, а в файле 7,57"),
    "a coefficient": ("value = 3\n\n[[bands]]", "value = 2\n\n[[bands]]", "уже загружено 3"),
    "bands": ('price = "5,10"', 'price = "5,11"', "диапазоны не те, что уже загружены"),
    "a house's area": ('"3000,5"', '"3000"', "поле «value»: уже загружено 3 000,5"),
    "a house's volume": ('"421,5"', '"421"', "поле «volume»: уже загружено 421,5"),
    "residents": ("value = 3\n\n[[absences]]", "value = 4\n\n[[absences]]", "уже загружено 3"),
    "an absence": ("persons = 1", "persons = 2", "поле «persons»: уже загружено 1"),
    "a usage": ('amount = "24,00"', 'amount = "25,00"', "поле «amount»: уже загружено 24,00"),
    "a work": ("quantity = 1", "quantity = 2", "поле «quantity»: уже загружено 1"),
    "a key rate": ('"16,5"', '"16"', "поле «percent»: уже загружено 16,5"),
    "a cap": ('"9,5"', '"9"', "поле «percent»: уже загружено 9,5"),
    "a due day": ("day = 15", "day = 10", "поле «day»: уже загружено 15, а в файле 10"),
    "a day off": (
        "day = 2026-11-04",
        "day = 2026-11-04\nis_working = true",
        "поле «is_working»: уже загружено",
    ),
}
