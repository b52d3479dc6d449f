"""Routes of ``{{ app }}``, which ``config.api`` serves below ``/api/v1/``."""

{{ imports }}
router = SimpleRouter(use_regex_path=False)
{% for route in routes %}{{ route }}
{% endfor %}