"""«Профиль»: contacts, the password, where one is signed in."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from components.rendering import render
from portal.domain.browser import OpenSession
from portal.domain.profile import AgreementCard, ContactRules, Profile


def contact_form(
    profile: Profile,
    rules: ContactRules,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    action: str = "/profile/contacts",
) -> Markup:
    """Fields `phone`, `email`, and `current_password`, which is asked before contacts change.
    Without anything to change it only shows them.
    """
    return render(
        "contact_form",
        profile=profile,
        rules=rules,
        values={"phone": profile.phone, "email": profile.email, **values},
        errors=errors,
        action=action,
    )


def password_form(errors: Mapping[str, str], *, action: str = "/password") -> Markup:
    """Fields `current_password`, `new_password` and `repeat_password`."""
    return render("password_form", errors=errors, action=action)


def text_size_card(*, action: str = "/profile/text") -> Markup:
    """One button, which posts `size` (large, usual): which of the two is seen, and what is said of
    it, the styles know from the page's root.
    """
    return render("text_size_card", action=action)


def receipts_card(profile: Profile, *, action: str = "/profile/receipts") -> Markup:
    """Whether receipts go to the e-mail, and one button, which posts `receipts` (on, off); without
    an address only how to get them.
    """
    return render("receipts_card", profile=profile, action=action)


def session_list(
    sessions: Sequence[OpenSession],
    timezone: str,
    *,
    end_action: str = "/profile/sessions/end",
    everywhere_action: str = "/logout/everywhere",
) -> Markup:
    """Each but the present one with a button that posts `session_id`; below, «Выйти везде»."""
    return render(
        "session_list",
        sessions=sessions,
        timezone=timezone,
        end_action=end_action,
        everywhere_action=everywhere_action,
    )


def agreement_cards(agreements: Sequence[AgreementCard]) -> Markup:
    return render("agreement_cards", agreements=agreements)
