#!/usr/bin/env python
"""Django's command line for this project."""

import sys

from django.core.management import execute_from_command_line

import configuration


def main() -> None:
    configuration.choose_settings(configuration.DEVELOPMENT)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
