"""A real browser for tests: headless Chromium over its debugging pipe (two file descriptors, no port, no library)."""

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from types import TracebackType
from typing import Any, Self

INSTALL_S = 300
ANSWER_S = 20.0
WAIT_S = 10.0
STOP_S = 5.0
READ_BYTES = 1 << 20

Message = dict[str, Any]


def find_chromium() -> str:
    """Return the path of Chromium, installed first if this is root on a Debian machine, or raise with what to do."""
    found = _on_path()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(command, check=False, timeout=INSTALL_S, stdout=subprocess.DEVNULL)
        found = _on_path()
    if found is None:
        message = "these tests need a browser: run `apt-get install chromium` as root and try again"
        raise RuntimeError(message)
    return found


class Chromium:
    """One browser with one page, in a profile of its own. Use it as a context; only its own processes are ended."""

    def __init__(self) -> None:
        """Start the browser and open an empty page."""
        self._profile = tempfile.mkdtemp(prefix="samverk-chromium-")
        theirs_read, self._write = os.pipe()
        self._read, theirs_write = os.pipe()
        self._pid = _start(find_chromium(), self._profile, theirs_read, theirs_write)
        os.close(theirs_read)
        os.close(theirs_write)
        self._unread = b""
        self._next_id = 0
        self._session: str | None = None
        self.events: list[Message] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        """Return the running browser."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the browser and remove its profile."""
        os.close(self._write)
        os.close(self._read)
        deadline_s = time.monotonic() + STOP_S
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline_s:
                os.killpg(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                break
            threading.Event().wait(0.02)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, **parameters: object) -> Message:
        """Return the browser's answer to one command of the DevTools protocol; events on the way are kept."""
        self._next_id += 1
        asked: Message = {"id": self._next_id, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        deadline_s = time.monotonic() + ANSWER_S
        while True:
            message = self._hear(deadline_s)
            if message.get("id") != self._next_id:
                self.events.append(message)
            elif "error" in message:
                raise RuntimeError(message["error"]["message"])
            else:
                result: Message = message["result"]
                return result

    def open(self, url: str, *, width: int = 1280, height: int = 800, is_dark: bool = False) -> None:
        """Load a page at that size and colour scheme, and wait until it is there."""
        self.look(width=width, height=height, is_dark=is_dark)
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def look(self, *, width: int, height: int, is_dark: bool = False) -> None:
        """Change the size and the colour scheme of the page that is there."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait, for a bounded time, until an expression in the page is true."""
        deadline_s = time.monotonic() + WAIT_S
        while not self._is_true(expression):
            if time.monotonic() > deadline_s:
                message = f"did not become true in {WAIT_S} s: {expression}"
                raise AssertionError(message)
            threading.Event().wait(0.05)

    def press(self, key: str, code: int | None = None) -> None:
        """Press and let go of a key; a character is known by itself, any other needs its code."""
        number = code if code is not None else ord(key.upper())
        types = "\r" if key == "Enter" else key if len(key) == 1 else ""
        for kind in ("keyDown", "keyUp"):
            text = {"text": types} if types and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=number, **text)

    def picture(self) -> bytes:
        """Return what the page looks like as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def requested(self) -> list[str]:
        """Return the address of every request the page has made so far."""
        self.call("Runtime.evaluate", expression="0")
        return [one["params"]["request"]["url"] for one in self.events if one["method"] == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """Return what the browser has complained of: script errors, refused content, failed requests."""
        self.call("Runtime.evaluate", expression="0")
        logged = [one["params"]["entry"]["text"] for one in self.events if one["method"] == "Log.entryAdded"]
        return logged + [str(one["params"]) for one in self.events if one["method"] == "Runtime.exceptionThrown"]

    def _is_true(self, expression: str) -> bool:
        try:
            return bool(self.evaluate(f"Boolean({expression})"))
        except RuntimeError:
            return False  # the page is just being replaced by another

    def _hear(self, deadline_s: float) -> Message:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline_s - time.monotonic()))
            chunk = os.read(self._read, READ_BYTES) if ready else b""
            if not chunk:
                message = "the browser does not answer"
                raise RuntimeError(message)
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\0")
        heard: Message = json.loads(line)
        return heard


def _on_path() -> str | None:
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


def _start(program: str, profile: str, read: int, write: int) -> int:
    """Start the browser as leader of a process group; it reads commands at descriptor 3 and answers at 4."""
    arguments = [
        program,
        "--headless=new",
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-default-browser-check",
        "--no-first-run",
        "--lang=sv",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    # Through spare numbers: one of ours may itself be 3 or 4.
    spare = [os.dup(one) for one in (read, write)]
    quiet = os.open(os.devnull, os.O_RDWR)
    try:
        actions = [
            (os.POSIX_SPAWN_DUP2, quiet, 1),
            (os.POSIX_SPAWN_DUP2, quiet, 2),
            (os.POSIX_SPAWN_DUP2, spare[0], 13),
            (os.POSIX_SPAWN_DUP2, spare[1], 14),
            (os.POSIX_SPAWN_DUP2, 13, 3),
            (os.POSIX_SPAWN_DUP2, 14, 4),
            (os.POSIX_SPAWN_CLOSE, 13),
            (os.POSIX_SPAWN_CLOSE, 14),
        ]
        return os.posix_spawn(program, arguments, os.environ, file_actions=actions, setpgroup=0)
    finally:
        for one in (*spare, quiet):
            os.close(one)
