"""URL map of the project."""

{% if debug_urls %}from django.conf import settings
{% endif %}from django.contrib import admin
from django.urls import {% if has_urls %}include, {% endif %}path
from django.views.generic import RedirectView

urlpatterns = {{ urlpatterns }}
{% if debug_urls %}
if settings.DEBUG:
    urlpatterns += {{ debug_urls }}
{% endif %}
