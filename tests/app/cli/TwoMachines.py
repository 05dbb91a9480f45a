"""Two network namespaces joined by a cable: two machines with addresses of their own, for tests that run as root."""
import json
import os
import subprocess
import sys

SERVER_ADDRESS, CLIENT_ADDRESS = "10.77.0.1", "10.77.0.2"
SERVER_ADDRESS6, CLIENT_ADDRESS6 = "fd77::1", "fd77::2"
NAME = "chat.example.test"  # known to the client's machine alone


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


class TwoMachines:
    def __init__(self):
        self.server, self.client = (f"kith-{os.getpid()}-{role}" for role in ("server", "client"))
        self.hosts = f"/etc/netns/{self.client}/hosts"  # ip netns exec shows it there as /etc/hosts

    def __enter__(self):
        try:
            for machine in (self.server, self.client):
                ip("netns", "add", machine)
                ip("-n", machine, "link", "set", "lo", "up")
            ip("-n", self.server, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", self.client)
            for machine, *addresses in ((self.server, f"{SERVER_ADDRESS}/24", f"{SERVER_ADDRESS6}/64"),
                                        (self.client, f"{CLIENT_ADDRESS}/24", f"{CLIENT_ADDRESS6}/64")):
                for address in addresses:
                    ip("-n", machine, "addr", "add", address, "dev", "cable", *(["nodad"] if ":" in address else []))
                ip("-n", machine, "link", "set", "cable", "up")
            os.makedirs(os.path.dirname(self.hosts))
            with open(self.hosts, "w", encoding="ascii") as hosts:
                hosts.write(f"127.0.0.1 localhost\n{SERVER_ADDRESS} {NAME}\n")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for machine in (self.server, self.client):
            subprocess.run(["ip", "netns", "del", machine], capture_output=True, check=False)
        if os.path.exists(self.hosts):
            os.remove(self.hosts)
        if os.path.isdir(os.path.dirname(self.hosts)):
            os.rmdir(os.path.dirname(self.hosts))

    def on_server(self):
        return ["ip", "netns", "exec", self.server]

    def on_client(self):
        return ["ip", "netns", "exec", self.client]


def why_impossible():
    """Why this machine cannot have network namespaces; empty where it can."""
    try:
        with TwoMachines() as machines:
            subprocess.run([*machines.on_client(), "true"], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        return "iproute2 is not installed"
    except PermissionError as error:
        return str(error)
    except subprocess.CalledProcessError as error:
        return error.stderr.strip() or str(error)
    return ""


# Runs on the server's machine: a TLS server that tells what a client says to it, in octets, until the client hangs up.
EAVESDROPPER = """
import json, socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
with socket.create_server((sys.argv[3], 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    connection, _ = listener.accept()
    heard = 0
    try:
        with context.wrap_socket(connection, server_side=True) as spoken:
            spoken.settimeout(10)
            heard = len(spoken.recv(65536))
    except (ssl.SSLError, OSError):
        pass
    print(json.dumps({"heard": heard}), flush=True)
"""


class Eavesdropper:
    """A server with a key of its own in front of which somebody's link may lead."""

    def __init__(self, machines, folder):
        key, self.certificate = folder / "false.key", folder / "false.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", self.certificate, "-days", "2", "-subj", "/CN=kithd"],
                       check=True, capture_output=True)
        self.process = subprocess.Popen(
            [*machines.on_server(), sys.executable, "-c", EAVESDROPPER, self.certificate, key, SERVER_ADDRESS],
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def heard(self):
        """Octets inside TLS of the one connection; waits for its end."""
        line = self.process.stdout.readline()
        self.process.wait()
        self.process.stdout.close()
        return json.loads(line)["heard"]
