"""Single faults inside one row: (what is there, what is put for it, the sentence).

An empty first part means: added at the file's end.
"""

WRONG_FIELDS: dict[str, tuple[str, str, str]] = {
    # --- names ---
    "an unknown table": (
        "[[notices]]",
        "[[notice]]",
        "дом.toml, строка 141: нет такой таблицы «notice», может быть «notices»?",
    ),
    "a table that is not a list": ("", "[agents2]", "строка 148: нет такой таблицы «agents2»"),
    "a misspelt field": (
        'title = "Номер',
        'titel = "Номер',
        (
            "строка 17, [[custom_fields]] «device_serial»: нет такого поля «titel», "
            "может быть «title»?"
        ),
    ),
    "a field of nothing": (
        'kind = "utilities"',
        'kind = "utilities"\nweather = "good"',
        "[[agents]] «Агент ЖКХ»: нет такого поля «weather»",
    ),
    "a missing field": (
        'bank_name = "ПАО Сбербанк"\n',
        "",
        "[[operators]] «uk»: не хватает поля «bank_name»",
    ),
    "a key described twice": (
        "",
        '[[agents]]\nname = "Агент ЖКХ"\nkind = "internet"\n',
        "[[agents]] «Агент ЖКХ»: агент «Агент ЖКХ»: это уже есть в файле выше",
    ),
    # --- values ---
    "a fraction without quotes": (
        'price = "53,41"',
        "price = 53.41",
        'поле «price»: дробное число пишется в кавычках: "53,41", иначе оно неточное',
    ),
    "a sum that is none": ('"433,69"', '"4 рубля"', "поле «amount»: «4 рубля» не сумма"),
    "a fraction of a kopeck": ('"433,69"', '"433,691"', "поле «amount»: «433,691» не сумма"),
    "a sum beyond all reason": ('"433,69"', '"100000000001"', "слишком большая сумма"),
    "a year beyond all reason": ("= 2026-11-20T10", "= 0001-01-01T00", "год 1 не годится"),
    "lines that are no tables": ("lines = [{", "lines = [1, {", "нужен список таблиц"),
    "a payment of nothing": ('"500,00"', '"0"', "поле «amount»: сумма должна быть больше нуля"),
    "a price below zero": ('"53,41"', '"-53,41"', "поле «price»: не может быть меньше нуля"),
    "a reading that is no number": ('"256,120"', '"2S6"', "поле «value»: «2S6» не число"),
    "too many decimals": ('"256,120"', '"1,1234567"', "поле «value»: «1,1234567» не число"),
    "a date in quotes": ("2026-01-15", '"2026-01-15"', "поле «installed_on»: нужна дата"),
    "a moment for a date": (
        "due_on = 2026-11-15",
        "due_on = 2026-11-15T00:00:00",
        "поле «due_on»: нужна дата без кавычек и без времени",
    ),
    "a date for a moment": (
        "2026-11-20T10:00:00",
        "2026-11-20",
        "поле «published_at»: нужны дата и время без кавычек",
    ),
    "a month that is none": (
        '"2026-10"\nissued',
        '"2026-13"\nissued',
        "поле «period»: нужен месяц",
    ),
    "an unknown word": (
        '"utilities"',
        '"water"',
        "поле «kind»: «water» не годится, бывает: «utilities», «internet», «telephony»",
    ),
    "an unknown wish for photos": (
        'kind = "one_time"',
        'kind = "one_time"\nphoto = "maybe"',
        "поле «photo»: «maybe» не годится, бывает: «off», «optional», «required»",
    ),
    "a photo of what has no meter": (
        'kind = "periodic"',
        'kind = "periodic"\nphoto = "required"',
        "[[services]] «ХВС» / «house»: снимок счетчика бывает только у разовой услуги",
    ),
    "a number in quotes": ("integer_digits = 5", 'integer_digits = "5"', "нужно целое число"),
    "too many digits of a dial": ("integer_digits = 5", "integer_digits = 13", "бывает от 1 до 12"),
    "a flag that is none": ("announce = true", "announce = 1", "нужно true или false"),
    "an empty name": ('"Иванов Иван Иванович"', '" "', "поле «name»: не может быть пустым"),
    "two lines in a name": ('"Иванов ', '"Иванов\\n', "поле «name»: пишется одной строкой"),
    "a NUL": ('"Иванов ', '"Иванов\\u0000', "поле «name»: есть недопустимый управляющий знак"),
    "an invisible mark in a key": (
        'external_id = "1"',
        'external_id = "1\\u200b"',
        "поле «external_id»: есть невидимый знак",
    ),
    "a short password": ('login = "ivanov"', 'login = "ivanov"\npassword = "1"', "поле «password»"),
    "a common password for good": (
        'login = "ivanov"',
        'login = "ivanov"\npassword = "12345678"\nmust_change_password = false',
        "[[residents]] «ivanov»: поле «password»: Такой пароль подбирают в первую очередь",
    ),
    "the own agreement in a password for good": (
        'login = "ivanov"',
        'login = "ivanov"\npassword = "снег DOM-2 и лед"\nmust_change_password = false',
        "поле «password»: В пароле есть логин или номер договора",
    ),
    "a telephone that is none": (
        '"79161234567"',
        '"12"',
        "поле «phone»: Проверьте номер телефона: нужно от 10 до 15 цифр",
    ),
    "an e-mail that is none": (
        'login = "ivanov"',
        'login = "ivanov"\nemail = "нет"',
        "поле «email»: Проверьте e-mail",
    ),
    "a state of an account that nobody knows": (
        'login = "Стояк 1"',
        'login = "Стояк 1"\nstate = 7',
        "поле «state»: 7 не годится, бывает: 0, 1, 2, 3, 4, 5, 10",
    ),
    "a state that is no number": (
        'login = "Стояк 1"',
        'login = "Стояк 1"\nstate = true',
        "нужно целое число без кавычек",
    ),
    "a time zone that is none": (
        'key = "uk"',
        'key = "uk"\ntimezone = "Moscow"',
        "поле «timezone»: «Moscow» не часовой пояс",
    ),
    "an external id that no address can hold": (
        "",
        (
            '[[services]]\ntariff = "ХВС"\nexternal_id = "house/1"\nname = "С"\nunit = "м²"\n'
            'kind = "periodic"\n'
        ),
        "поле «external_id»: «house/1» не годится",
    ),
    "an additional field that is no text": ('"123" }', "1.5 }", "нужен текст в кавычках"),
    # --- requisites ---
    "an INN with a misprint": ("7736520080", "7736520081", "ИНН «7736520081»"),
    "a BIC with a misprint": ('bic = "044525225"', 'bic = "94452522"', "БИК «94452522»"),
    "an account of another bank": ("40702810338360027201", "40702810438360027201", "Счет «4070281"),
    "a correspondent account with a misprint": (
        "30101810400000000225",
        "30101810400000000226",
        "Счет «30101810400000000226»",
    ),
    "a correspondent account in place of the settlement account": (
        'account = "40702810338360027201"',
        'account = "30101810400000000225"',
        "Счет «30101810400000000225»: это корреспондентский счет банка",
    ),
    "a settlement account in place of the correspondent account": (
        "30101810400000000225",
        "40702810338360027201",
        "корреспондентский начинается с 301",
    ),
    "a KPP with a misprint": ("997650001", "99765000", "КПП «99765000»"),
}
