"""The API, version 1: the routes of all apps and a page that lists them."""

{{ imports }}
router = DefaultRouter(use_regex_path=False)
router.include_format_suffixes = False
{{ extend }}
urlpatterns = router.urls
