"""How often something may be tried; docs/operations.md says what each one guards.

Tight for one basket, e-mail address and order, generous for a network address, behind which a clinic or a
mobile carrier may stand.
"""

LIMITS = {
    # Failures only: what was right gives its try back. The seconds bound what is hashed at the same moment.
    "login.account_at_address": "3/10 seconds;5/5 minutes;30/day",
    # For who has never logged in from there; so a stranger locks nobody out of their usual place.
    "login.address": "3/10 seconds;6/minute;60/hour",
    "login.account": "30/hour;100/day",
    "login.known": "1/90 days",  # nobody is refused beyond it
    "password.account": "5/5 minutes;30/day",
    "restriction.address": "10/5 minutes;60/hour",
    "reset.email": "3/hour;6/day",
    "reset.address": "10/hour",
    "discount.address": "60/hour",  # so that nobody finds codes by guessing
    "checkout.basket": "20/hour",
    "checkout.email": "30/day",
    "checkout.address": "60/hour",
    # Short: who is stopped by others at the same address must wait for minutes, not for an hour.
    "checkout.known_address": "15/15 minutes",
    "checkout.first_order": "1/day",  # nobody is refused beyond it, but counted at the address
    "basket.address": "20/5 minutes",  # new ones only
    "payment.order": "20/hour",
    "payment.email": "30/hour",
    "payment.address": "10/10 minutes",  # new payment pages only
    "order_page.address": "100/hour",  # wrong links only
    "confirm.order": "5/hour;10/day",
    "confirm.address": "60/hour",
    "find.code": "5/hour",
    "find.email": "5/hour",
    "find.address": "60/hour",
}
# Whose basket is older than this is counted apart from newcomers at the same address.
LIMITS_KNOWN_AFTER_SECONDS = 300
