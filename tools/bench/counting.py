"""Counts the queries of each response in a header, with debug mode off."""

from collections.abc import Callable
from contextlib import ExitStack

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Query-Count"


class QueryCountMiddleware:
    """Adds the header to every response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        count = 0

        def counted(execute, sql, parameters, many, context):
            nonlocal count
            count += 1
            return execute(sql, parameters, many, context)

        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(counted))
            response = self.get_response(request)
        response.headers[HEADER] = str(count)
        return response
