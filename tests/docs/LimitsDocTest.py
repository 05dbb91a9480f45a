"""docs/protocol/limits.md states the numbers of core/protocol/wire/Limits.h and the server's defaults, and so does the
kithd.toml of docs/guides/server.md."""

import re
import tomllib
import unittest

from Wire import ROOT, table_rows

CONSTANT = re.compile(r"^constexpr [\w:]+ (\w+) = ([^;]+);", re.MULTILINE)
CONNECTIONS = {"max_connections": "maxConnections", "connections_per_address": "connectionsPerAddress",
               "unauthenticated_per_address": "unauthenticatedPerAddress"}


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def limits():
    """name -> number, from the header."""
    numbers = {}
    for name, value in CONSTANT.findall(read("core/protocol/wire/Limits.h")):
        plain = re.sub(r"(?<=\d)[uUlL]+", "", value.replace("'", ""))
        if not re.fullmatch(r"[\d\s<*+()-]+", plain):
            raise ValueError(f"{name}: cannot read {value!r}")
        numbers[name] = eval(plain)  # noqa: S307 digits and operators only, checked above
    return numbers


def server_defaults():
    """key of kithd.toml -> number, or (burst, refill_ms), from the server's code."""
    config = read("server/config/ServerConfig.h").replace("'", "")
    found = {key: int(re.search(rf"\b{field} = (\d+);", config).group(1)) for key, field in CONNECTIONS.items()}
    names = re.search(r"rateNames\[rateCount\] = \{(.*?)\};", read("server/config/ConfigFile.cpp"), re.DOTALL).group(1)
    header = read("server/domain/Limits.h").replace("'", "")
    table = re.search(r"rates\[rateCount\] = \{(.*?)\n    \};", header, re.DOTALL).group(1)
    rates = [(int(burst), int(refill)) for burst, refill in re.findall(r"\{(\d+), Millis\{(\d+)\}\}", table)]
    keys = re.findall(r'"(\w+)"', names)
    if len(keys) != len(rates):
        raise ValueError(f"{len(keys)} names of rates, {len(rates)} rates")
    return found | dict(zip(keys, rates))


class LimitsDocTest(unittest.TestCase):
    def test_same_names_and_numbers(self):
        listed = {row[0].strip("`"): int(row[1].replace(" ", "")) for row in table_rows(ROOT / "docs/protocol/limits.md", 4)}
        self.assertGreater(len(listed), 10)
        self.assertEqual(listed, limits())

    def test_the_servers_defaults(self):
        listed = {}
        for key, value, _ in table_rows(ROOT / "docs/protocol/limits.md", 3):
            numbers = tuple(int(number) for number in value.split("/"))
            listed[key.strip("`")] = numbers if len(numbers) > 1 else numbers[0]
        self.assertEqual(listed, server_defaults())

    def test_the_guides_configuration(self):
        guide = tomllib.loads(re.search(r"```toml\n(.*?)```", read("docs/guides/server.md"), re.DOTALL).group(1))
        listed = {key: guide["gateway"][key] for key in CONNECTIONS}
        listed |= {key: (rate["burst"], rate["refill_ms"]) for key, rate in guide["rates"].items()}
        self.assertEqual(listed, server_defaults())
        self.assertFalse(guide["gateway"]["limit_loopback"])


if __name__ == "__main__":
    unittest.main()
