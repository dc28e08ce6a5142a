"""The names of the views that work on a password. Known before the site is loaded."""

__all__ = ["LOST_PASSWORD", "PASSWORD_VIEWS", "SHARED_PASSWORD"]

SIGN_IN = {"wagtailadmin_login", "wagtailcore_login"}
NEW_PASSWORD = {"wagtailadmin_password_reset_confirm"}
LOST_PASSWORD = {"wagtailadmin_password_reset"}
# That of a collection; a page has none, as one with a password is shown to nobody.
SHARED_PASSWORD = {"wagtaildocs_authenticate_with_password"}

# Where whoever is not signed in makes the site work on a password.
PASSWORD_VIEWS = {*SIGN_IN, *NEW_PASSWORD, *LOST_PASSWORD, *SHARED_PASSWORD}
