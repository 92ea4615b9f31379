from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class IsManager(BasePermission):
    """Only managers have anything on the API yet."""

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002
        return request.user.has_perm("radrate.manage")
