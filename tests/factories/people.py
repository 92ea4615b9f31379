from radrate.accounts.models import User

PASSWORD = "correct horse battery"


def make_user(*, username: str, is_manager: bool = False) -> User:
    return User.objects.create_user(
        username=username, password=PASSWORD, email=f"{username}@example.org", is_manager=is_manager
    )
