"""Any model that LangChain's `init_chat_model` reaches, and any OpenAI-compatible server."""

import importlib
import importlib.util
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from wavagent.llm.ask import Answer, Ask, Finish
from wavagent.llm.fault import Declined, Denied, ModelError, NoModel, TooLong, Unreachable, Unsupported
from wavagent.text import shown

TIMEOUT = 180.0
"""Seconds without an answer after which a server counts as gone."""

PROVIDERS: Mapping[str, str] = {
    "anthropic": "langchain_anthropic",
    "azure_openai": "langchain_openai",
    "bedrock_converse": "langchain_aws",
    "deepseek": "langchain_deepseek",
    "google_genai": "langchain_google_genai",
    "groq": "langchain_groq",
    "mistralai": "langchain_mistralai",
    "ollama": "langchain_ollama",
    "openai": "langchain_openai",
    "openrouter": "langchain_openrouter",
    "xai": "langchain_xai",
}
"""What may stand before the colon of a model's name, and the module it needs."""

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "host.docker.internal"})
_LENGTH = frozenset({"length", "max_tokens", "MAX_TOKENS", "model_length"})
_REFUSAL = frozenset({"content_filter", "refusal", "SAFETY", "safety"})
_METHOD = {"schema": "json_schema", "tool": "function_calling"}


class Chat:
    """The model `model`, as `name` or `provider:name`; without a provider it is OpenAI's or that of `base_url`.

    `api_key` may be empty where the server is on this machine. Making one imports nothing: LangChain is imported by
    the first question.
    """

    def __init__(self, model: str, *, base_url: str = "", api_key: str = "", timeout: float = TIMEOUT) -> None:
        provider, colon, name = model.partition(":")
        known = bool(colon) and provider in PROVIDERS  # 'llama3.1:8b' is a name with a colon in it
        self.provider, self.model = (provider, name) if known else ("openai", model)
        self.base_url = base_url if self.provider == "openai" else ""
        self._key, self._timeout = api_key, timeout
        self._clients: dict[int | None, Any] = {}  # by their longest answer

    @property
    def name(self) -> str:
        return f"{self.provider}:{self.model}" + (f" at {self.base_url}" if self.base_url else "")

    @property
    def local(self) -> bool:
        """Whether the model runs on this machine, and so costs nothing."""
        return self.provider == "ollama" or is_local(self.base_url)

    def ask(self, request: Ask) -> Answer:
        """The answer to `request`. Raises ModelError."""
        client = self.client(request.max_tokens)
        try:
            raw = _invoke(client, request, strict=self.provider == "openai")
        except Exception as error:
            raise self._fault(error, request) from error
        return _answer(raw)

    def client(self, longest: int | None = None) -> Any:
        """LangChain's own chat model, for what an `Ask` cannot say: tools, and answers word by word. Raises NoModel."""
        client = self._clients[longest] = self._clients.get(longest) or self._made(longest)
        return client

    def fault(self, error: Exception, request: Ask) -> ModelError:
        """What an exception of the client means."""
        return error if isinstance(error, ModelError) else self._fault(error, request)

    def _made(self, longest: int | None) -> Any:
        module = PROVIDERS[self.provider]
        for needed in ("langchain", module):
            if importlib.util.find_spec(needed) is None:
                extra = "" if self.provider == "openai" else f"[{self.provider}]"
                raise NoModel(
                    f"the model '{shown(self.model)}' needs {needed.replace('_', '-')}; "
                    f"type: pip install 'wavagent{extra}' {needed.replace('_', '-')}"
                )
        if self.provider == "openai" and not self._key and not self.local:
            raise NoModel(
                f"the model '{shown(self.model)}' needs a key; set OPENAI_API_KEY, or OPENAI_BASE_URL to your server"
            )
        init = importlib.import_module("langchain.chat_models").init_chat_model
        try:
            return init(self.model, model_provider=self.provider, **self._options(longest))
        except Exception as error:
            reason = shown(str(error), 160)
            raise NoModel(
                f"the model '{shown(self.model)}' cannot be used: {reason}; check its name and key"
            ) from error

    def _options(self, longest: int | None) -> dict[str, Any]:
        limit = "num_predict" if self.provider == "ollama" else "max_tokens"
        options: dict[str, Any] = {} if longest is None else {limit: longest}
        if self.provider != "openai":
            return options  # each reads its own key
        options |= {"timeout": self._timeout, "max_retries": 0, "api_key": self._key or "none"}
        if self.base_url:
            options["base_url"] = self.base_url
            if longest is not None:
                options["extra_body"] = {"max_tokens": longest}  # OpenAI renamed it; other servers know only this one
        return options

    def _fault(self, error: Exception, request: Ask) -> ModelError:
        """What an exception of any provider's library means."""
        name, reason = type(error).__name__, shown(str(error), 200)
        if name == "LengthFinishReasonError":
            return TooLong("the answer was cut off at its longest")
        if name == "ContentFilterFinishReasonError":
            return Declined("the server's filter stopped the answer")
        status = _status(error)
        if status is not None:
            return _of_status(status, reason, error, request)
        if isinstance(error, NotImplementedError | TypeError) and request.form != "text":
            return Unsupported(f"{self.name} does not answer in the form '{request.form}'")
        slow = "timeout" in name.lower() or "timed out" in reason.lower()
        if slow:
            return Unreachable(f"{self.name} did not answer within {self._timeout:g} s", billed=True)
        return Unreachable(f"{self.name} gave no answer ({name}: {reason})", billed="Connect" not in name)


def _invoke(client: Any, request: Ask, *, strict: bool) -> Any:
    """LangChain's own message, whatever is in it."""
    messages = [(message.role, message.text) for message in request.messages]
    if request.form == "text":
        return client.invoke(messages)
    schema = {"description": "The answer.", **request.schema}
    options: dict[str, Any] = {"strict": True} if strict else {}
    asked = client.with_structured_output(schema, method=_METHOD[request.form], include_raw=True, **options)
    return asked.invoke(messages)["raw"]


def is_local(url: str) -> bool:
    """Whether `url` is a server on this machine."""
    return bool(url) and urlsplit(url).hostname in _LOCAL


def _status(error: Exception) -> int | None:
    for name in ("status_code", "code", "http_status"):
        if isinstance(value := getattr(error, name, None), int) and 100 <= value < 600:
            return value
    return None


def _of_status(status: int, reason: str, error: Exception, request: Ask) -> ModelError:
    """What an HTTP status means."""
    lower = reason.lower()
    if status in (401, 403, 404) or "insufficient_quota" in lower:
        return Denied(f"the server refused ({status}: {reason}); check the model's name and the key")
    if status == 413 or (status == 400 and ("context" in lower or "too long" in lower or "too large" in lower)):
        return TooLong(f"the question does not fit ({reason})")
    if status in (408, 409, 425, 429) or status >= 500:
        return Unreachable(f"the server is busy or broken ({status}: {reason})", _after(error))
    if request.form != "text":
        return Unsupported(f"the server does not take the form '{request.form}' ({status}: {reason})")
    return Denied(f"the server refused the question ({status}: {reason})")


def _after(error: Exception) -> float | None:
    """The seconds that a Retry-After header asks to wait."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None  # there is none, or it is a date


def _answer(raw: Any) -> Answer:
    """An answer from LangChain's message."""
    told = {**(getattr(raw, "response_metadata", None) or {}), **(getattr(raw, "additional_kwargs", None) or {})}
    usage = getattr(raw, "usage_metadata", None) or {}
    refusal = told.get("refusal")
    return Answer(
        str(refusal) if refusal else _text(raw),
        "refusal" if refusal else _finish(told),
        usage.get("input_tokens"),
        usage.get("output_tokens"),
    )


def _text(raw: Any) -> str:
    """What was said, or the arguments of the tool that was called instead."""
    for call in getattr(raw, "tool_calls", None) or ():
        return json.dumps(call["args"])
    for call in getattr(raw, "invalid_tool_calls", None) or ():
        return str(call["args"] or "")
    return str(raw.text).encode("utf-8", "replace").decode()  # half a character cannot be sent back


def _finish(told: Mapping[str, Any]) -> Finish:
    why = next((told[name] for name in ("finish_reason", "stop_reason", "done_reason") if told.get(name)), "stop")
    if why in _LENGTH:
        return "length"
    return "refusal" if why in _REFUSAL else "stop"
