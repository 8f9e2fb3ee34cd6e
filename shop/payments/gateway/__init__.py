"""The only room that speaks to Stripe; everything else sees plain values and exceptions of its own.

No function here may run inside a database transaction: an answer can take seconds.
"""

from shop.payments.gateway.client import (
    API_VERSION,
    EmailRefused,
    KeyUsedBefore,
    ObjectNotFound,
    PaymentRefused,
    PaymentUnavailable,
    StripeUnreachable,
    dashboard_url,
    is_live,
)
from shop.payments.gateway.disputes import (
    FraudWarning,
    StripeDispute,
    list_disputes,
    list_disputes_of_payment,
    list_fraud_warnings,
    retrieve_dispute,
    retrieve_fraud_warning,
)
from shop.payments.gateway.refunds import (
    StripeRefund,
    create_refund,
    list_refunds,
    list_refunds_of_charge,
    list_refunds_of_payment,
    retrieve_refund,
)
from shop.payments.gateway.sessions import (
    CheckoutSession,
    create_checkout_session,
    expire_session,
    list_sessions,
    retrieve_session,
)
from shop.payments.gateway.webhooks import SIGNATURE_TOLERANCE_SECONDS, BadSignature, verify_event

__all__ = [
    "API_VERSION",
    "SIGNATURE_TOLERANCE_SECONDS",
    "BadSignature",
    "CheckoutSession",
    "EmailRefused",
    "FraudWarning",
    "KeyUsedBefore",
    "ObjectNotFound",
    "PaymentRefused",
    "PaymentUnavailable",
    "StripeDispute",
    "StripeRefund",
    "StripeUnreachable",
    "create_checkout_session",
    "create_refund",
    "dashboard_url",
    "expire_session",
    "is_live",
    "list_disputes",
    "list_disputes_of_payment",
    "list_fraud_warnings",
    "list_refunds",
    "list_refunds_of_charge",
    "list_refunds_of_payment",
    "list_sessions",
    "retrieve_dispute",
    "retrieve_fraud_warning",
    "retrieve_refund",
    "retrieve_session",
    "verify_event",
]
