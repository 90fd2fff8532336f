"""All tables, imported once so that the metadata is whole."""

from portal.db.access import DeviceToken, KnownDevice, SignInAttempt, WebSession
from portal.db.accounts import Agent, CustomField, FieldValue, Meter, ServiceAccount
from portal.db.audit_records import AuditRecord
from portal.db.base import Base
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, LedgerAccount, Payment, Transfer
from portal.db.notices import Event, Notice, NoticeRead
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.photos import Photo
from portal.db.readings import Reading, Submission
from portal.db.stickers import Sticker
from portal.db.tariffs import Price, Service, Tariff

TABLES: tuple[type[Base], ...] = (
    Operator, Resident, Premises, Agreement, Tariff, Service, Price, Agent, ServiceAccount,
    CustomField, FieldValue, Meter, Sticker, Submission, Photo, Reading, Charge, Payment,
    LedgerAccount, Transfer, Invoice, InvoiceLine, Allocation, Event, Notice, NoticeRead,
    WebSession, KnownDevice, SignInAttempt, DeviceToken, AuditRecord,
)  # fmt: skip
METADATA = Base.metadata
