"""Single faults between rows, written as `wrong_fields` are."""

SECOND_HOME = """
[[residents]]
login = "petrova"
name = "Петрова"

[[agreements]]
number = "DOM-3"
resident = "petrova"
operator = "uk"

[[accounts]]
key = 18
agreement = "DOM-3"
agent = "Агент ЖКХ"
tariff = "ХВС"
"""
OTHER_OPERATOR = """
[[operators]]
key = "other"
name = "ООО «Вода»"
inn = "7736520080"
account = "40702810338360027201"
bank_name = "ПАО Сбербанк"
bic = "044525225"
""" + SECOND_HOME.replace('operator = "uk"', 'operator = "other"')
READING = '[[readings]]\naccount = 17\nservice = "zkh_cold"\n'
CHARGE = '[[charges]]\nkey = "x"\naccount = 17\n'
INVOICE = """[[invoices]]
number = "x"
agreement = "DOM-2"
period = "2026-11"
issued_on = 2026-11-02
due_on = 2026-11-15
"""
PAYMENT = '[[payments]]\nchannel = "bank"\nagreement = "DOM-2"\n'

WRONG_ROWS: dict[str, tuple[str, str, str]] = {
    # --- what refers to nothing ---
    "an undescribed resident": (
        'resident = "ivanov"',
        'resident = "ivanow"',
        (
            "[[agreements]] «DOM-2»: абонент «ivanow» не описан, "
            "а на него ссылается договор «DOM-2», может быть «ivanov»?"
        ),
    ),
    "an undescribed tariff": (
        'tariff = "ХВС"\nlogin',
        'tariff = "ГВС"\nlogin',
        "[[accounts]] 17: тариф «ГВС» не описан, а на него ссылается учетная запись 17",
    ),
    "an undescribed service": (
        'service = "house"\nposted',
        'service = "horse"\nposted',
        (
            "услуга «horse» тарифа «ХВС» не описана, а на нее ссылается списание «17/house», "
            "может быть «house»?"
        ),
    ),
    "an undescribed custom field": (
        "{ device_serial",
        "{ serial",
        "дополнительное поле «serial» не описано, а на него ссылается учетная запись 17",
    ),
    "an undescribed charge": (
        '"17/house"]',
        '"17/horse"]',
        "списание «17/horse» не описано, а на него ссылается счет «2026-10»",
    ),
    "an undescribed invoice": (
        '[{ number = "2026-10"',
        '[{ number = "2026-11"',
        "счет «2026-11» не описан, а на него ссылается платеж «cash» / 1",
    ),
    "an undescribed reading": (
        "reading = 2026-10-20",
        "reading = 2026-10-21",
        "показания от 21.10.2026 не описаны, а на них ссылается списание «17/2026-10»",
    ),
    "an undescribed operator": (
        'operator = "uk"\ntitle',
        'operator = "zzz"\ntitle',
        "исполнитель «zzz» не описан, а на него ссылается сообщение «water»",
    ),
    "another's agreement number for a login": (
        "",
        '[[residents]]\nlogin = "dom-2"\nname = "Петров"\n',
        "«DOM-2» — номер договора одного абонента и логин другого",
    ),
    "two logins that differ only in case": (
        "",
        '[[residents]]\nlogin = "IVANOV"\nname = "Петров"\n',
        (
            "[[residents]] «IVANOV»: логины «IVANOV» и «ivanov» различаются только большими "
            "и малыми буквами, а при входе это один логин"
        ),
    ),
    # --- meters and readings ---
    "a meter of a monthly service": (
        'service = "zkh_cold"\ninstalled',
        'service = "house"\ninstalled',
        "услуга «Содержание» периодическая: счетчиков и показаний у нее не бывает",
    ),
    "an opening date without a value": (
        'opening_value = "240"',
        "opening_on = 2026-02-01",
        "есть «opening_on», но нет «opening_value»",
    ),
    "a meter that replaces another and starts nowhere": (
        'opening_value = "240"',
        "replaces = 2020-01-01",
        "счетчик заменяет другой, но нет «opening_value»: с чего он начал считать",
    ),
    "a meter that replaces none": (
        "installed_on = 2026-01-15",
        "installed_on = 2026-01-15\nreplaces = 2020-01-01",
        "счетчик, установленный 2020-01-01, не описан, а этот его заменяет",
    ),
    "a value below the one before": (
        '"256,120"',
        '"247"',
        (
            "[[readings]] 17 / «zkh_cold» / «2026-10-20»: значение 247 меньше предыдущего 248; "
            "если счетчик прошел через ноль, добавьте rollover = true"
        ),
    ),
    "a rollover that cannot be": (
        'value = "256,120"',
        'value = "256,120"\nrollover = true',
        "rollover = true бывает, когда значение меньше предыдущего",
    ),
    "a value that the dial cannot show": (
        '"256,120"',
        '"100000"',
        "значение 100 000 не помещается на счетчике 00000,000",
    ),
    "a reading in the future": (
        "",
        READING + 'taken_on = 2026-11-25\nvalue = "260"\n',
        "дата 25.11.2026 ещё не наступила",
    ),
    "a reading before the meter": (
        "",
        READING + 'taken_on = 2026-01-14\nvalue = "1"\n',
        "на 14.01.2026 счетчик ещё не установлен",
    ),
    "a reading accepted before it was taken": (
        'value = "248"',
        'value = "248"\naccepted_at = 2026-09-19T23:59:59',
        (
            "[[readings]] 17 / «zkh_cold» / «2026-09-20»: принято 19.09.2026, раньше, "
            "чем снято: 20.09.2026"
        ),
    ),
    "two readings of one day": (
        "",
        READING + 'taken_on = 2026-10-20\nvalue = "257"\n',
        "это уже есть в файле выше",
    ),
    # --- charges ---
    "a sum that is not volume by price": (
        '"433,69"',
        '"433,70"',
        ("[[charges]] «17/2026-10»: 8,12 × 53,41 ₽ = 433,69 ₽, а в файле 433,70 ₽"),
    ),
    "a volume that the readings deny": (
        'volume = "8,12"',
        'volume = "8,13"',
        "по показаниям расход 8,12, а в файле 8,13",
    ),
    "a month other than that of posting": (
        'period = "2026-10"\nvolume',
        'period = "2026-09"\nvolume',
        "период 2026-09, а проведено в 2026-10: период — месяц проводки",
    ),
    "a charge posted before its reading was taken": (
        'posted_at = 2026-10-20T19:00:00\nperiod = "2026-10"',
        'posted_at = 2026-10-19T19:00:00\nperiod = "2026-10"',
        ("[[charges]] «17/2026-10»: проведено 19.10.2026, раньше, чем сняты показания: 20.10.2026"),
    ),
    "a charge in the future": (
        "posted_at = 2026-10-31T12:00:00",
        "posted_at = 2026-12-31T12:00:00",
        "поле «posted_at»: 2026-12-31T12:00:00 ещё не наступило",
    ),
    "a charge before the first price": (
        "posted_at = 2026-10-31T12:00:00",
        "posted_at = 2025-06-30T12:00:00",
        "на 30.06.2025 у услуги нет цены",
    ),
    "a charge without a volume": ('volume = "54,3"\n', "", "нужен «volume» или «reading»"),
    "a charge for an opening value": (
        "",
        CHARGE
        + 'service = "zkh_cold"\nreading = 2026-01-15\nposted_at = 2026-10-20T19:00:00\n'
        + 'amount = "0"\n',
        "показания от 15.01.2026 первые: они ничего не списывают",
    ),
    "a second charge for one reading": (
        "",
        CHARGE
        + 'service = "zkh_cold"\nreading = 2026-10-20\nposted_at = 2026-10-20T19:00:00\n'
        + 'amount = "433,69"\n',
        "по показаниям от 20.10.2026 уже есть другое списание",
    ),
    # --- invoices and payments ---
    "a total that is not the sum": (
        '"2 498,81"',
        '"2 498,82"',
        ("[[invoices]] «2026-10»: сумма строк 2 498,81 ₽, а в файле «total» 2 498,82 ₽"),
    ),
    "an invoice of nothing": ("", INVOICE + 'total = "0"\n', "в счете нет ни одной строки"),
    "an invoice below zero": (
        "",
        INVOICE + 'lines = [{ name = "Возврат", amount = "-1" }]\ntotal = "-1"\n',
        "меньше нуля",
    ),
    "a line that is not volume by price": (
        'lines = [{ name = "Долг до 2026 года", amount = "100,00" }]',
        'lines = [{ name = "Долг", volume = "2", price = "3", amount = "100,00" }]',
        "строка «Долг»: 2 × 3,00 ₽ = 6,00 ₽, а в файле 100,00 ₽",
    ),
    "a line with a misprint": (
        '[{ name = "Долг',
        '[{ nmae = "Долг',
        "поле «lines», 1-я запись: нет такого поля «nmae», может быть «name»?",
    ),
    "an invoice due before it is issued": (
        "due_on = 2026-11-15",
        "due_on = 2026-10-15",
        "срок оплаты раньше, чем выставлен счет",
    ),
    "an invoice of tomorrow": (
        "issued_on = 2026-11-01\ndue_on = 2026-11-15",
        "issued_on = 2026-11-25\ndue_on = 2026-12-15",
        "дата 25.11.2026 ещё не наступила",
    ),
    "a charge in two invoices": (
        "",
        INVOICE + 'charges = ["17/house"]\ntotal = "1 965,12"\n',
        "одно из списаний уже стоит в счете",
    ),
    "another's charge": (
        "",
        SECOND_HOME
        + INVOICE.replace("DOM-2", "DOM-3").replace('"x"', '"y"')
        + 'charges = ["18/house"]\ntotal = "36,19"\n'
        + CHARGE.replace('"x"', '"18/house"')
        + 'service = "house"\nposted_at = 2026-10-20T19:00:00\nvolume = 1\namount = "36,19"\n',
        "списание «18/house» другого договора",
    ),
    "more allocated than paid": (
        'amount = "300,00" }',
        'amount = "500,01" }',
        "по счетам разнесено 500,01 ₽, а платеж 500,00 ₽",
    ),
    "more allocated than the invoice asks": (
        "",
        PAYMENT
        + 'external_id = "2"\namount = "9 000"\npaid_at = 2026-11-06T12:00:00\n'
        + 'invoices = [{ number = "2026-10", amount = "2 198,82" }]\n',
        ("на счет «2026-10» разнесено 2 498,82 ₽, а он на 2 498,81 ₽"),
    ),
    "another operator's invoice": (
        "",
        OTHER_OPERATOR
        + INVOICE.replace("DOM-2", "DOM-3").replace('"x"', '"y"')
        + 'lines = [{ name = "Долг", amount = "1" }]\ntotal = "1"\n'
        + PAYMENT
        + 'external_id = "2"\namount = "1"\npaid_at = 2026-11-06T12:00:00\n'
        + 'invoices = [{ number = "y", amount = "1" }]\n',
        "счет «y» выставил другой исполнитель, «ООО «Вода»»",
    ),
    "an invoice named twice": (
        'amount = "300,00" }',
        'amount = "1" }, { number = "2026-10", amount = "2" }',
        "счет «2026-10» назван дважды",
    ),
    "a payment of tomorrow": (
        "paid_at = 2026-11-05T12:00:00",
        "paid_at = 2026-11-25T12:00:00",
        "поле «paid_at»: 2026-11-25T12:00:00 ещё не наступило",
    ),
}
