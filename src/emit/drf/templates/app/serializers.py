"""Serializers of ``{{ app }}``."""

{{ imports }}{% for serializer in serializers %}

{{ serializer.header }}    """{{ serializer.doc }}"""

{% if serializer.declared %}{{ serializer.declared }}
{% endif %}    class Meta:
        model = {{ serializer.model }}
{{ serializer.fields }}{{ serializer.read_only_fields }}{{ serializer.extra_kwargs }}{% if serializer.is_user %}
    def create(self, validated_data: dict[str, Any]) -> {{ serializer.model }}:
        """Create somebody who cannot sign in until a password is set."""
        return super().create(validated_data | {"password": make_password(None)})
{% endif %}{% endfor %}