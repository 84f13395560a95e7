"""A real sshd on loopback with the configuration that is shipped, one process for each connection."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin")

_HERE = f'import sys; sys.path.insert(0, "{ROOT}"); '
FORCED = "from tests.terminal.ssh.forced import main; main()"


class Sshd:
    """Listens itself and hands each connection to an sshd of its own, so that no port is taken by guess."""

    def __init__(self, program: Path, configuration: Path) -> None:
        self._program = program
        self._configuration = configuration
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.log = configuration.with_name("log")
        self._processes: list[subprocess.Popen[bytes]] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            command = [str(self._program), "-i", "-f", str(self._configuration), "-E", str(self.log)]
            with connection:
                self._processes.append(
                    subprocess.Popen(command, stdin=connection, stdout=connection, stderr=subprocess.DEVNULL)
                )

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        for process in self._processes:
            process.terminate()
            process.wait(30)


@contextmanager
def shipped_sshd(*, pam: bool, run: str = FORCED) -> Iterator[Sshd]:
    """An sshd with `deploy/sshd/`, for the user that runs the tests. Needs root, which alone may own what sshd trusts."""
    assert SSHD
    folder = Path(tempfile.mkdtemp(prefix="lockwright-sshd-", dir="/run"))
    folder.chmod(0o755)
    service = Path("/etc/pam.d") / folder.name
    Path("/run/sshd").mkdir(exist_ok=True)
    try:
        key = folder / "host_key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, timeout=60)
        shutil.copy(ROOT / "deploy/sshd/any-key", folder / "any-key")
        session = (ROOT / "deploy/sshd/session").read_text()
        shipped = "/opt/lockwright/bin/python -I -m tui --behind-sshd"
        assert shipped in session
        (folder / "session").write_text(session.replace(shipped, f"{sys.executable} -I -c '{_HERE}{run}'"))
        for name in ("any-key", "session"):
            (folder / name).chmod(0o755)
        shown = (ROOT / "deploy/sshd/lockwright.conf").read_text()
        for was, becomes in {
            "/usr/libexec/lockwright": str(folder),
            "Match User lockwright": "Match User root",
            "AuthorizedKeysCommandUser nobody": "AuthorizedKeysCommandUser root",
        }.items():
            assert was in shown
            shown = shown.replace(was, becomes)
        program = folder / folder.name  # sshd asks PAM for the service that it is called like
        program.symlink_to(SSHD)
        head = f"HostKey {key}\nUsePAM {'yes' if pam else 'no'}\nPermitRootLogin yes\nPidFile none\nLogLevel VERBOSE\n"
        configuration = folder / "config"
        configuration.write_text(head + shown)
        if pam:
            rule = (ROOT / "deploy/sshd/pam-sshd").read_text().replace("user = lockwright", "user = root")
            service.write_text(
                rule + "auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n"
            )
        sshd = Sshd(program, configuration)
        try:
            yield sshd
        finally:
            sshd.close()
    finally:
        service.unlink(missing_ok=True)
        shutil.rmtree(folder)
