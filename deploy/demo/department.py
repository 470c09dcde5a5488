"""A department's own system, as the webhook sees it: takes tellings on loopback and keeps each in a file."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Department:
    """Listens while in a `with`; every telling is a line of `received`: its idempotency key, then its body."""

    def __init__(self, received: Path) -> None:
        """Keep tellings in this file."""
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            """Answers 204 once the telling is kept."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                key = self.headers.get("Idempotency-Key", "")
                with lock, received.open("ab") as file:
                    file.write(key.encode() + b" " + body.replace(b"\n", b" ") + b"\n")
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the file has it."""

        received.parent.mkdir(parents=True, exist_ok=True)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="department", daemon=True)

    @property
    def url(self) -> str:
        """Where tellings go."""
        return f"http://127.0.0.1:{self._server.server_port}/alerts"

    def __enter__(self) -> "Department":
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
