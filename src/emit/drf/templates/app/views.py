"""Views of ``{{ app }}``."""

{{ imports }}{% for view in views %}

{{ view.header }}    {{ view.doc }}

{{ view.body }}{% endfor %}