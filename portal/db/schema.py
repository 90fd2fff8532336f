"""All tables, imported once so that the metadata is whole."""

from portal.db.access import DeviceToken, KnownDevice, SignInAttempt, WebSession
from portal.db.accounts import (
    AccountFact,
    AccountTariff,
    Agent,
    CustomField,
    FieldValue,
    Meter,
    Refusal,
    ServiceAccount,
)
from portal.db.audit_records import AuditRecord
from portal.db.base import Base
from portal.db.houses import House, HouseChoice, HouseFact, HouseVolume
from portal.db.incoming import Assignment, Conflict, Inbox, Incoming, PayChannel, Resolution
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.late import LateFact, LateFactTaken
from portal.db.ledger import Charge, LedgerAccount, Payment, Refund, Stated, Transfer
from portal.db.lumps import Lump, Registry
from portal.db.notices import Event, Notice, NoticeRead
from portal.db.outbox import Outbox, OutboxEvent
from portal.db.parties import Absence, Agreement, Operator, Premises, PremisesFact, Resident
from portal.db.paying import (
    BankResolution,
    Intent,
    IntentEvent,
    IntentInvoice,
    RefundEvent,
    RefundRequest,
)
from portal.db.periods import PeriodEvent
from portal.db.photos import Photo
from portal.db.promises import Promise, PromiseTerms
from portal.db.rates import DayOff, DueDay, KeyRate, RateCap
from portal.db.readings import Reading, Submission
from portal.db.settlements import Remittance, Share
from portal.db.stickers import Sticker
from portal.db.suppliers import ServiceTerms, Supplier
from portal.db.tariffs import Band, Price, Service, ServiceFact, ServiceSource, Tariff
from portal.db.usage import Usage, Work

TABLES: tuple[type[Base], ...] = (
    Operator, Supplier, Resident, House, HouseFact, HouseChoice, HouseVolume, Premises,
    PremisesFact, Absence, Agreement, Tariff, Service, ServiceSource, ServiceTerms, ServiceFact,
    Price, Band, Agent, ServiceAccount, AccountTariff, AccountFact, CustomField, FieldValue, Meter,
    Refusal, Usage, Work, Sticker, Submission, Photo, Reading, KeyRate, RateCap, DueDay, DayOff,
    PeriodEvent, LateFact, LateFactTaken,
    Charge, PayChannel, Inbox, Incoming, Conflict, Resolution, Assignment, Payment, Refund, Invoice,
    InvoiceLine, Stated, Allocation, Share, Remittance, PromiseTerms, Promise, LedgerAccount,
    Transfer, Event, Notice, NoticeRead, Outbox, OutboxEvent, WebSession, KnownDevice,
    SignInAttempt, DeviceToken, Intent, IntentInvoice, IntentEvent, RefundRequest, RefundEvent,
    BankResolution, Lump, Registry, AuditRecord,
)  # fmt: skip
METADATA = Base.metadata
