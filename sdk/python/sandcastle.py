"""Client of Kube-Sandcastle: run code that nobody trusts, each program in a sandbox of its own.

    from sandcastle import run

    result = run("print(6 * 7)")
    print(result.stdout, result.outcome, result.receipt["cpuMicros"])

One file, standard library only, Python 3.8 or later. How a program ends is data, in the result; an exception means that there is no
result: RefusedError when the server would not, or could not go on; ConnectionFailed when there was none, or it went away.

The server is the one given, else SANDCASTLE_SERVER, else the local background server of this user, which is started by the
`sandcastle` program where that is in PATH. The key is the one given, else SANDCASTLE_API_KEY, else the local server's own.
"""

import base64
import codecs
import http.client
import ipaddress
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import urllib.parse
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

__all__ = [
    "ConnectionFailed", "Forbidden", "InternalError", "InvalidRequest", "NoCapacity", "NotFound", "Output", "Preempted", "ProgramFailed",
    "QuotaExceeded", "RefusedError", "Result", "Sandcastle", "SandcastleError", "Started", "TemplateUnavailable", "TooLarge", "Unauthenticated",
    "UnknownTemplate", "run", "stream",
]

__version__ = "0.1.0"

_CONNECT_SECONDS = 10.0
_UNIX = "unix:"
_Content = Union[str, bytes]
_LIMITS = {
    "memory_mib": "memoryMiB", "cpus": "cpus", "pids": "pids", "disk_mib": "diskMiB", "disk_inodes": "diskInodes",
    "output_kib": "outputKiB", "open_files": "openFiles",
}


class SandcastleError(Exception):
    """Whatever this module raises on purpose."""


class ConnectionFailed(SandcastleError):
    """No server answered, or the connection ended before the answer was whole."""


class ProgramFailed(SandcastleError):
    """Raised by Result.check() alone."""

    def __init__(self, result: "Result") -> None:
        how = f"exit code {result.exit_code}" if result.signal is None else f"signal {result.signal}"
        said = result.stderr.strip()[-500:]
        super().__init__(f"{result.outcome} ({how})" + (f": {said}" if said else ""))
        self.result = result


class RefusedError(SandcastleError):
    """The server did not run the program, and says why (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: Optional[float]) -> None:
        super().__init__(problem.get("detail") or f"the server answered HTTP {status} without saying why")
        self.status = status
        self.kind: str = problem.get("kind", "internal")
        self.errors: List[Dict[str, str]] = problem.get("errors") or []
        self.trace_id: Optional[str] = problem.get("traceId")
        self.retry_after = retry_after


class InvalidRequest(RefusedError):
    """The request is wrong; `errors` has every error at once, each with `field` and `message`."""


class Unauthenticated(RefusedError):
    """The key is missing or wrong."""


class Forbidden(RefusedError):
    """The key may not do that."""


class UnknownTemplate(RefusedError):
    """There is no such template."""


class TemplateUnavailable(RefusedError):
    """The template cannot serve on this server."""


class NotFound(RefusedError):
    """There is no such run."""


class TooLarge(RefusedError):
    """Code, files and the rest are more than the server takes."""


class QuotaExceeded(RefusedError):
    """The tenant has used up its share; `retry_after` says when to come back."""


class NoCapacity(RefusedError):
    """Every slot is taken; `retry_after` says when to come back."""


class Preempted(RefusedError):
    """The cluster gave the worker's room to other work while the program ran; what it used is charged."""


class InternalError(RefusedError):
    """The server failed itself. Nothing was charged."""


_ERRORS = {
    "invalid": InvalidRequest, "unauthenticated": Unauthenticated, "forbidden": Forbidden, "unknown_template": UnknownTemplate,
    "template_unavailable": TemplateUnavailable, "not_found": NotFound, "too_large": TooLarge, "quota_exceeded": QuotaExceeded,
    "no_capacity": NoCapacity, "preempted": Preempted, "internal": InternalError,
}


@dataclass(frozen=True)
class Started:
    """First event of a stream: the program has its job."""

    id: str


@dataclass(frozen=True)
class Output:
    """The program wrote something. `data` is exact; `text` never splits a character."""

    stream: str
    data: bytes
    text: str


@dataclass(frozen=True)
class Result:
    """How a run ended, what it wrote and what it used; last event of a stream."""

    id: str
    outcome: Optional[str]
    exit_code: Optional[int]
    signal: Optional[int]
    stdout_bytes: bytes = field(repr=False)
    stderr_bytes: bytes = field(repr=False)
    stdout_truncated: bool
    stderr_truncated: bool
    files: Dict[str, bytes] = field(repr=False)
    collect_errors: List[str]
    timings: Dict[str, float] = field(repr=False)
    receipt: Dict[str, Any] = field(repr=False)
    template: str
    profile: str
    keep: str
    worker: str
    metadata: Dict[str, str]
    lot: Optional[str] = None

    @property
    def ok(self) -> bool:
        return self.outcome == "succeeded"

    @property
    def stdout(self) -> str:
        return self.stdout_bytes.decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        return self.stderr_bytes.decode("utf-8", "replace")

    def check(self) -> "Result":
        """This result, or ProgramFailed unless the program succeeded."""
        if not self.ok:
            raise ProgramFailed(self)
        return self


class Sandcastle:
    """A client of one server. Safe for use from many threads; connections are kept and reused."""

    def __init__(self, server: Optional[str] = None, api_key: Optional[str] = None) -> None:
        data, local = _local_server()
        server = server or os.environ.get("SANDCASTLE_SERVER") or None
        self._address = _Address(server or _UNIX + local)
        self._may_start = server is None
        self._key = api_key or os.environ.get("SANDCASTLE_API_KEY") or None
        self._key_file = os.path.join(data, "api-key") if self._address.is_local else None
        self._idle: List[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def run(self, code: Optional[str] = None, template: Optional[str] = None, *, idempotency_key: Optional[str] = None,
            **options: Any) -> Result:
        """Run a program to its end.

        Give `code`, or `argv` for a command. Options: args, stdin (text), env, files {path: str or bytes}, collect [globs], metadata,
        profile, require_keep, queue (seconds to wait in line instead of being refused), and the limits timeout (seconds), memory_mib, cpus, pids, disk_mib, disk_inodes, output_kib, open_files.
        """
        body = _request(code, template, options)
        connection, response = self._send("POST", "/v1/runs", body, {"Idempotency-Key": idempotency_key})
        return _result(self._read(connection, response))

    def stream(self, code: Optional[str] = None, template: Optional[str] = None, *, idempotency_key: Optional[str] = None,
               **options: Any) -> Iterator[Union[Started, Output, Result]]:
        """Run a program and yield its events as they happen. Leaving the loop early cancels it, unless it has an idempotency key."""
        body = _request(code, template, options)
        connection, response = self._send(
            "POST", "/v1/runs", body, {"Accept": "text/event-stream", "Idempotency-Key": idempotency_key})
        try:
            for event in _events(response):
                yield event
                if isinstance(event, Result):
                    return
            raise ConnectionFailed("the server ended the stream without a result")
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionFailed(f"the connection to {self._address} broke: {error}") from error
        finally:
            connection.close()

    def get(self, run_id: str) -> Result:
        """A run that is under way (its outcome is None), or that ended not long ago."""
        return _result(self._call("GET", "/v1/runs/" + urllib.parse.quote(run_id, safe="")))

    def cancel(self, run_id: str) -> Result:
        """End a run, and see what became of it."""
        return _result(self._call("DELETE", "/v1/runs/" + urllib.parse.quote(run_id, safe="")))

    def templates(self) -> List[Dict[str, Any]]:
        """What a sandbox can start as; the fields are those of the REST interface."""
        return self._call("GET", "/v1/templates")["templates"]

    def usage(self, since: Optional[str] = None, until: Optional[str] = None) -> Dict[str, Any]:
        """Sums over the receipts, by template and outcome. Times are RFC 3339; by default this month until now."""
        query = urllib.parse.urlencode({k: v for k, v in (("from", since), ("to", until)) if v})
        return self._call("GET", "/v1/usage" + ("?" + query if query else ""))

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __enter__(self) -> "Sandcastle":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _call(self, method: str, path: str) -> Any:
        return self._read(*self._send(method, path, None, {}))

    def _send(self, method: str, path: str, body: Optional[Dict[str, Any]], headers: Mapping[str, Optional[str]]
              ) -> Tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        # Half of a surrogate pair is passed on, for the server to name the field.
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        connection, response = self._exchange(method, path, content, {k: v.encode() for k, v in headers.items() if v is not None})
        if response.status < 300:
            return connection, response
        try:
            problem = self._read(connection, response)
        except (ValueError, ConnectionFailed):
            problem = {}
        retry_after = response.getheader("Retry-After")
        # What is no problem document came from something between: of a 4xx that is sure to have started nothing.
        kind = _ERRORS.get(problem.get("kind", "internal" if response.status >= 500 else ""), RefusedError)
        raise kind(response.status, problem, float(retry_after) if retry_after and retry_after.isdigit() else None)

    def _exchange(self, method: str, path: str, content: Optional[bytes], headers: Dict[str, bytes]
                  ) -> Tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """One request. A kept connection that the server has closed meanwhile is replaced, once; nothing was answered on it."""
        kept = self._take()
        for connection in [kept, None] if kept else [None]:
            try:
                connection = connection or self._connect()
                try:
                    connection.request(method, self._address.prefix + path, content, self._headers(content, headers))
                except (BrokenPipeError, ConnectionResetError):
                    # A server refuses a body that is too large before it has read it, and takes no more then: its answer is there.
                    pass
                return connection, connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                if connection is not None:
                    connection.close()
                if kept is not None and connection is kept and isinstance(error, (ConnectionError, http.client.RemoteDisconnected)):
                    continue
                raise ConnectionFailed(f"cannot reach {self._address}: {error}") from error
        raise AssertionError("unreachable")

    def _headers(self, content: Optional[bytes], headers: Dict[str, bytes]) -> Dict[str, bytes]:
        result = {"Accept": b"application/json", **headers}
        if content is not None:
            result["Content-Type"] = b"application/json"
        key = self._key or self._read_key()
        if key:
            result["Authorization"] = b"Bearer " + key.encode()
        return result

    def _read_key(self) -> Optional[str]:
        """The local server's key, which it makes at its first start."""
        try:
            with open(self._key_file or "", encoding="ascii") as file:
                self._key = file.read().strip() or None
        except OSError:
            pass
        return self._key

    def _connect(self) -> http.client.HTTPConnection:
        try:
            return self._address.connect()
        except (FileNotFoundError, ConnectionRefusedError):
            program = shutil.which("sandcastle") if self._may_start else None
            if program is None:
                raise
        # The program starts the background server, and knows how to do that once.
        subprocess.run([program, "templates", "-o", "json"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        return self._address.connect()

    def _take(self) -> Optional[http.client.HTTPConnection]:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _read(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> Any:
        try:
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise ConnectionFailed(f"the connection to {self._address} broke: {error}") from error
        if response.will_close:
            connection.close()
        else:
            with self._lock:
                self._idle.append(connection)
        return json.loads(content)


class _Address:
    """unix:/PATH, http(s)://HOST[:PORT][/PREFIX] or HOST:PORT."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.path = "/" + text[len(_UNIX):].lstrip("/") if text.startswith(_UNIX) else None
        url = urllib.parse.urlsplit("http://localhost" if self.path else text if "://" in text else "http://" + text)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError(f"'{text}' is no address; write http://HOST:PORT, https://HOST, HOST:PORT or unix:/PATH")
        self.prefix = url.path.rstrip("/")
        self.scheme, self.host, self.port = url.scheme, url.hostname, url.port
        self.is_local = self.path is not None or self.host == "localhost" or _is_loopback(self.host)

    def connect(self) -> http.client.HTTPConnection:
        if self.path is not None:
            connection: http.client.HTTPConnection = _UnixConnection(self.path)
        elif self.scheme == "https":
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=_CONNECT_SECONDS, context=ssl.create_default_context())
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=_CONNECT_SECONDS)
        connection.connect()
        # A program may be silent as long as its own limit allows.
        connection.sock.settimeout(None)
        return connection

    def __str__(self) -> str:
        return self.text


def _is_loopback(host: str) -> bool:
    """An address, not a name that looks like one: whose 127.0.0.1.example.org is, is for its owner to say."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_CONNECT_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_CONNECT_SECONDS)
        self.sock.connect(self._path)


def run(code: Optional[str] = None, template: Optional[str] = None, *, server: Optional[str] = None, api_key: Optional[str] = None,
        **options: Any) -> Result:
    """Run a program to its end; see Sandcastle.run for the options."""
    return _client(server, api_key).run(code, template, **options)


def stream(code: Optional[str] = None, template: Optional[str] = None, *, server: Optional[str] = None, api_key: Optional[str] = None,
           **options: Any) -> Iterator[Union[Started, Output, Result]]:
    """Run a program and yield its events as they happen; see Sandcastle.run for the options."""
    return _client(server, api_key).stream(code, template, **options)


_clients: Dict[Any, Sandcastle] = {}
_clients_lock = threading.Lock()


def _client(server: Optional[str], api_key: Optional[str]) -> Sandcastle:
    """One client for equal arguments and environments, so that run() reuses its connection. A fork gets its own."""
    environment = tuple(os.environ.get(name) for name in
                        ("SANDCASTLE_SERVER", "SANDCASTLE_API_KEY", "SANDCASTLE_DATA_DIR", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "HOME"))
    with _clients_lock:
        return _clients.setdefault((os.getpid(), server, api_key, environment), Sandcastle(server, api_key))


def _local_server() -> Tuple[str, str]:
    """Data directory and socket of this user's own server; the same rule as in the .NET client."""
    named = os.environ.get("SANDCASTLE_DATA_DIR")
    share = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    data = os.path.abspath(named or os.path.join(share, "sandcastle"))
    runtime = None if named else os.environ.get("XDG_RUNTIME_DIR")
    return data, os.path.join(os.path.join(runtime, "sandcastle") if runtime else data, "sandcastled.sock")


def _request(code: Optional[str], template: Optional[str], options: Dict[str, Any]) -> Dict[str, Any]:
    body = {"code": code, "template": template, "encoding": "base64"}
    for name in ("argv", "args", "stdin", "env", "collect", "metadata", "profile"):
        body[name] = options.pop(name, None)
    if isinstance(body["stdin"], bytes):
        body["stdin"] = body["stdin"].decode()  # UTF-8, or UnicodeDecodeError: what is none goes into a file
    body["requireKeep"] = options.pop("require_keep", None)
    body["files"] = _files(options.pop("files", None))
    queue = options.pop("queue", None)
    body["queue"] = None if queue is None else {"maxWaitMs": int(queue * 1000)}
    timeout = options.pop("timeout", None)
    limits = {"timeoutMs": None if timeout is None else int(timeout * 1000)}
    for name, wire in _LIMITS.items():
        limits[wire] = options.pop(name, None)
    if options:
        raise TypeError(f"unknown option: {', '.join(sorted(options))}")
    body["limits"] = {k: v for k, v in limits.items() if v is not None} or None
    return {k: v for k, v in body.items() if v is not None}


def _files(files: Optional[Mapping[str, _Content]]) -> Optional[List[Dict[str, str]]]:
    return None if files is None else [
        {"path": path, "content": content} if isinstance(content, str)
        else {"path": path, "contentBase64": base64.b64encode(content).decode("ascii")}
        for path, content in files.items()]


def _result(body: Mapping[str, Any]) -> Result:
    exact = body.get("encoding") == "base64"

    def content(text: Optional[str]) -> bytes:
        return base64.b64decode(text or "") if exact else (text or "").encode()

    return Result(
        id=body["id"], outcome=body.get("outcome"), exit_code=body.get("exitCode"), signal=body.get("signal"),
        stdout_bytes=content(body.get("stdout")), stderr_bytes=content(body.get("stderr")),
        stdout_truncated=body.get("stdoutTruncated", False), stderr_truncated=body.get("stderrTruncated", False),
        files={file["path"]: base64.b64decode(file["contentBase64"]) if "contentBase64" in file else file.get("content", "").encode()
               for file in body.get("files") or []},
        collect_errors=body.get("collectErrors") or [], timings=body.get("timings") or {}, receipt=body.get("receipt") or {},
        template=body.get("template", ""), profile=body.get("profile", ""), keep=body.get("keep", ""), worker=body.get("worker", ""),
        metadata=body.get("metadata") or {}, lot=body.get("lot"))


def _events(response: http.client.HTTPResponse) -> Iterator[Union[Started, Output, Result]]:
    decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}
    for name, data in _server_sent(response):
        body = json.loads(data)
        if name in decoders:
            content = base64.b64decode(body["base64"]) if body.get("base64") is not None else (body.get("text") or "").encode()
            yield Output(name, content, decoders[name].decode(content))
        elif name == "started":
            yield Started(body["id"])
        elif name == "result":
            for stream_name, decoder in decoders.items():
                rest = decoder.decode(b"", True)
                if rest:
                    yield Output(stream_name, b"", rest)
            yield _result(body)
        elif name == "problem":
            raise _ERRORS.get(body.get("kind", "internal"), RefusedError)(body.get("status", 500), body, body.get("retryAfterSeconds"))


def _server_sent(response: http.client.HTTPResponse) -> Iterator[Tuple[str, str]]:
    """Name and data of each event (WHATWG HTML, section 9.2)."""
    name, data = "", []  # type: str, List[str]
    for raw in iter(response.readline, b""):
        line = raw.decode("utf-8").rstrip("\r\n")
        if not line:
            if data:
                yield name, "\n".join(data)
            name, data = "", []
        elif not line.startswith(":"):
            label, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if label == "event":
                name = value
            elif label == "data":
                data.append(value)
