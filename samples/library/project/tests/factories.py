"""Factories: one for each model, with the smallest valid row as the default.

With ``full_row=True`` they fill in whatever may be left out, too.
"""

from datetime import date

import factory
from django.db.models import Model

from accounts.models import User
from lending.models import Author, Book, Copy, Loan, Member, Publisher


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
        row = super()._create(model_class, *args, **kwargs)
        for name, linked in links.items():
            getattr(row, name).set(linked)
        return row


class UserFactory(ModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence("user{}".format)
    password = "!"


class PublisherFactory(ModelFactory[Publisher]):
    class Meta:
        model = Publisher

    name = "Name"


class BookFactory(ModelFactory[Book]):
    class Meta:
        model = Book

    class Params:
        full_row = factory.Trait(
            published=date(2026, 1, 1), publisher=factory.SubFactory(PublisherFactory)
        )

    title = "Title"
    isbn = factory.Sequence("Isbn {}".format)


class AuthorFactory(ModelFactory[Author]):
    class Meta:
        model = Author

    class Params:
        full_row = factory.Trait(
            born=date(2026, 1, 1), books=factory.List([factory.SubFactory(BookFactory)])
        )

    name = "Name"


class CopyFactory(ModelFactory[Copy]):
    class Meta:
        model = Copy

    shelfmark = factory.Sequence("Shelfmark {}".format)
    book = factory.SubFactory(BookFactory)


class MemberFactory(ModelFactory[Member]):
    class Meta:
        model = Member

    name = "Name"
    email = factory.Sequence("user{}@example.com".format)


class LoanFactory(ModelFactory[Loan]):
    class Meta:
        model = Loan

    class Params:
        full_row = factory.Trait(returned=date(2026, 1, 1))

    due = date(2026, 1, 1)
    copy = factory.SubFactory(CopyFactory)
    member = factory.SubFactory(MemberFactory)
