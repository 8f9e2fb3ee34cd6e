"""`make bench ARGUMENTS=money`: settlements, mails and orders, against the bare thing in the same run."""
