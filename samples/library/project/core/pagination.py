"""How lists are cut into pages."""

from rest_framework.pagination import PageNumberPagination


class StandardPagination(PageNumberPagination):
    """Numbered pages: ``?page=2&page_size=50``."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
