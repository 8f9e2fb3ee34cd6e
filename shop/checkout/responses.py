from django.http import HttpResponseRedirect


class HttpResponseSeeOther(HttpResponseRedirect):
    """After a form: fetch the next page anew, so that a reload sends nothing twice."""

    status_code = 303
