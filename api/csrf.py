"""Forged requests are refused: whoever writes over HTTP shows a token that another site's page cannot know.

A page of ours carries it in its forms (`csrf_token()` in a template) or sends it as `X-CSRFToken`; a program
with a cookie jar gets one from `GET /api/csrf-token`.
"""

import secrets
from typing import Any, NoReturn

from apiflask import APIFlask
from flask import Response
from flask_wtf.csrf import CSRFProtect, generate_csrf  # type: ignore[import-untyped]

from api.endpoints import document, hidden
from api.errors import ForgedRequest
from api.formats import as_json

HEADER = "X-CSRFToken"
FIELD = "csrf_token"
ROUTE = "/api/csrf-token"


class _Protection(CSRFProtect):  # type: ignore[misc]
    def _error_response(self, reason: str) -> NoReturn:
        raise ForgedRequest


def add_csrf(app: APIFlask) -> None:
    """Check every request that is no reading one; call it after what refuses foreign hosts.

    The key that signs lives as long as the process: after a restart a page is loaded anew, a program asks again.
    """
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="linmai",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_FIELD_NAME=FIELD,
        WTF_CSRF_HEADERS=[HEADER],
        # As long as the session: a form that was opened in the morning is sent in the afternoon.
        WTF_CSRF_TIME_LIMIT=None,
        # Served on the loopback alone; the token is what tells our pages from others.
        WTF_CSRF_SSL_STRICT=False,
    )
    _Protection(app)

    def token() -> Response:
        return as_json({"token": generate_csrf(), "header": HEADER})

    app.add_url_rule(ROUTE, "csrf_token", hidden(app, token), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec.setdefault("paths", {})[ROUTE] = {"get": _OPERATION}
        schemes = spec.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes["csrf"] = {
            "type": "apiKey", "in": "header", "name": HEADER,
            "description": f"Token from {ROUTE}, sent together with the cookie that came with it.",
        }  # fmt: skip
        return spec

    document(app, describe)


_OPERATION: dict[str, Any] = {
    "operationId": "csrf_token",
    "summary": "写入所需的令牌",
    "description": f"The token that every POST, PUT, PATCH and DELETE carries as {HEADER}, together with the cookie"
    " of this answer. Keep both for the whole session; ask again after the service was restarted.",
    "tags": ["service"],
    "responses": {
        "200": {
            "description": "令牌",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["token", "header"],
                        "properties": {"token": {"type": "string"}, "header": {"const": HEADER}},
                    }
                }
            },
        }
    },
}
