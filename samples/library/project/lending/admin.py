"""Admin pages of the lending app."""

from django.contrib import admin

from lending.models import Author, Book, Copy, Loan, Member, Publisher


@admin.register(Publisher)
class PublisherAdmin(admin.ModelAdmin):
    """Publishers."""

    list_display = ("name",)
    search_fields = ("name",)


class CopyInline(admin.TabularInline):
    """Copies of one book."""

    model = Copy
    fk_name = "book"
    extra = 0


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    """Books."""

    list_display = ("title", "isbn", "genre", "published", "publisher")
    list_filter = ("genre",)
    list_select_related = ("publisher",)
    search_fields = ("title", "isbn")
    autocomplete_fields = ("publisher",)
    inlines = (CopyInline,)


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    """Authors."""

    list_display = ("name", "born")
    search_fields = ("name",)
    autocomplete_fields = ("books",)


@admin.register(Copy)
class CopyAdmin(admin.ModelAdmin):
    """Copies."""

    list_display = ("shelfmark", "is_worn", "book")
    list_filter = ("is_worn",)
    list_select_related = ("book",)
    search_fields = ("shelfmark",)
    autocomplete_fields = ("book",)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Members."""

    list_display = ("name", "email")
    search_fields = ("name", "email")


@admin.register(Loan)
class LoanAdmin(admin.ModelAdmin):
    """Loans."""

    list_display = ("__str__", "due", "returned", "copy", "member")
    list_select_related = ("copy", "member")
    search_fields = ("pk__exact",)
    autocomplete_fields = ("copy", "member")
