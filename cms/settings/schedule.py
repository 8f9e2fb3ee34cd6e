"""What beat starts, and how often."""

from celery.schedules import crontab

OUTBOX_SWEEP_SECONDS = 15
CELERY_BEAT_SCHEDULE = {
    # A run that no worker took in time is left out: many at once, after a pause, would only fill the queue.
    "send-due-mails": {
        "task": "shop.mail.tasks.sweep_outbox",
        "schedule": OUTBOX_SWEEP_SECONDS,
        "options": {"expires": OUTBOX_SWEEP_SECONDS},
    },
    "send-password-resets": {
        "task": "cms.users.tasks.send_password_resets",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "publish-scheduled-pages": {"task": "cms.core.tasks.publish_scheduled", "schedule": 60.0},
    "reconcile-payments": {"task": "shop.payments.tasks.reconcile_payments", "schedule": 300.0},
    "open-late-cases": {"task": "shop.orders.tasks.open_late_cases", "schedule": 3600.0},
    "cancel-unpaid-orders": {"task": "shop.payments.tasks.cancel_unpaid_orders", "schedule": 3600.0},
    "expire-old-baskets": {"task": "shop.checkout.tasks.remove_old_baskets", "schedule": 3600.0},
    "send-staff-digest": {
        "task": "shop.backoffice.tasks.send_staff_digest",
        "schedule": crontab(hour=6, minute=0),
    },
    "answer-link-requests": {"task": "shop.checkout.tasks.answer_link_requests", "schedule": 120.0},
    "remove-expired-limits": {"task": "cms.limits.tasks.remove_expired_counters", "schedule": 3600.0},
    "audit-books": {"task": "shop.audit.tasks.audit_books", "schedule": crontab(hour=4, minute=10)},
    # In the quiet hours; a run that was missed is made up for when beat starts again.
    "remove-what-is-too-old": {
        "task": "shop.privacy.tasks.apply_retention",
        "schedule": crontab(hour=3, minute=20),
    },
}
