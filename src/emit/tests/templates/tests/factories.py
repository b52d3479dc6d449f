"""Factories: one for each model, with the smallest valid row as the default.

With ``full_row=True`` they fill in whatever may be left out, too.
"""

{{ imports }}{% if codes %}
DIGITS = string.digits + string.ascii_lowercase


def code(number: int, length: int) -> str:
    """Write the number with so many digits and letters."""
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits
{% endif %}

class ModelFactory[M: Model](factory.django.DjangoModelFactory[M]):
    """Sets many-to-many relations, too: they take a list."""

    class Meta:
        abstract = True

    class Params:
        full_row = factory.Trait()

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        many = {field.name for field in model_class._meta.many_to_many} & kwargs.keys()
        links = {name: kwargs.pop(name) for name in many}
{%- if lookups %}
        for field in model_class._meta.concrete_fields:
            # The code of a row that every database has.
            if field.is_relation and isinstance(kwargs.get(field.name), int | str):
                kwargs[field.attname] = kwargs.pop(field.name)
{%- endif %}
        row = super()._create(model_class, *args, **kwargs)
        for name, linked in links.items():
            getattr(row, name).set(linked)
        return row


{{ factories }}
