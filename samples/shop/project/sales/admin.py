"""Admin pages of the sales app."""

from django.contrib import admin

from sales.models import Address, Customer, LoyaltyCard, Order, OrderItem, Payment


class AddressInline(admin.TabularInline):
    """Addresses of one customer."""

    model = Address
    fk_name = "customer"
    extra = 0


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    """Customers."""

    list_display = ("name", "email", "since", "phone", "billing_address")
    list_select_related = ("billing_address",)
    search_fields = ("name", "email", "phone")
    autocomplete_fields = ("billing_address", "wishes")
    date_hierarchy = "since"
    inlines = (AddressInline,)


@admin.register(LoyaltyCard)
class LoyaltyCardAdmin(admin.ModelAdmin):
    """Loyalty cards."""

    list_display = ("number", "points", "customer")
    list_select_related = ("customer",)
    search_fields = ("number",)
    autocomplete_fields = ("customer",)


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    """Addresses."""

    list_display = ("street", "postal_code", "city", "country", "customer")
    list_select_related = ("customer",)
    search_fields = ("street", "postal_code", "city", "country")
    autocomplete_fields = ("customer",)


class OrderItemInline(admin.TabularInline):
    """Order items of one order."""

    model = OrderItem
    fk_name = "order"
    extra = 0
    autocomplete_fields = ("product",)
    readonly_fields = ("amount",)


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    """Orders."""

    list_display = ("__str__", "status", "placed_at", "customer")
    list_filter = ("status",)
    list_select_related = ("customer",)
    search_fields = ("note",)
    autocomplete_fields = ("customer",)
    date_hierarchy = "placed_at"
    inlines = (OrderItemInline,)


@admin.register(OrderItem)
class OrderItemAdmin(admin.ModelAdmin):
    """Order items."""

    list_display = ("__str__", "quantity", "unit_price", "order", "product", "amount")
    list_select_related = ("order", "product")
    search_fields = ("pk__exact",)
    autocomplete_fields = ("order", "product")
    readonly_fields = ("amount",)


@admin.register(Payment)
class PaymentAdmin(admin.ModelAdmin):
    """Payments."""

    list_display = ("__str__", "amount", "method", "received_at", "order")
    list_filter = ("method",)
    list_select_related = ("order",)
    search_fields = ("pk__exact",)
    autocomplete_fields = ("order",)
