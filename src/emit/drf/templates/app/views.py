"""Views of ``{{ app }}``."""

{{ imports }}{% for view in views %}

class {{ view.header }}:
    {{ view.doc }}

{{ view.body }}{% endfor %}