#include "server/gateway/RequestHead.h"

#include "core/protocol/wire/Limits.h"
#include "server/gateway/HttpRoute.h"

#include <QTest>

using namespace kith;
using namespace kith::server;

namespace
{

constexpr std::size_t limit = wire::maxRequestHead;

const std::string upgrade = "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\n"
                            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: kith.v1\r\n\r\n";

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    const auto at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// The status that `bytes` is refused with; 101 for the WebSocket, 0 when it is incomplete, 200 for a call.
int statusOf(const std::string& bytes)
{
    const auto result = readRequestHead(bytes, limit);
    if (std::holds_alternative<HeadIncomplete>(result))
        return 0;
    if (const auto* refusal = std::get_if<HttpRefusal>(&result))
        return refusal->status;
    const auto route = routeOf(std::get<RequestHead>(result));
    if (const auto* refusal = std::get_if<HttpRefusal>(&route))
        return refusal->status;
    if (std::holds_alternative<NoSuchCall>(route))
        return 404;
    return std::holds_alternative<ToWebSocket>(route) ? 101 : 200;
}

} // namespace

class RequestHeadTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyPrefixIsIncomplete()
    {
        for (std::size_t size = 0; size < upgrade.size(); ++size)
            QCOMPARE(statusOf(upgrade.substr(0, size)), 0);
        QCOMPARE(statusOf(upgrade), 101);
    }
    void whatFollowsTheHeadIsNotRead()
    {
        const auto result = readRequestHead(upgrade + "\x82\x85 frame", limit);
        QCOMPARE(std::get<RequestHead>(result).size, upgrade.size());
    }
    void status_data()
    {
        QTest::addColumn<QString>("request");
        QTest::addColumn<int>("status");
        const auto row = [](const char* name, const std::string& text, int status) {
            QTest::newRow(name) << QString::fromStdString(text) << status;
        };
        const std::string host = " HTTP/1.1\r\nHost: x\r\n";
        row("upgrade", upgrade, 101);
        row("query is no part of the path", replaced(upgrade, "/v1/ws", "/v1/ws?a=b"), 101);
        row("several subprotocols", replaced(upgrade, "kith.v1", "other , kith.v1"), 101);
        row("foreign subprotocol", replaced(upgrade, "kith.v1", "kith.v11"), 400);
        row("no key", replaced(upgrade, "dGhlIHNhbXBsZSBub25jZQ==", ""), 400);
        row("old version", replaced(upgrade, ": 13", ": 8"), 426);
        row("HTTP/1.0", replaced(upgrade, "HTTP/1.1", "HTTP/1.0"), 426);
        row("no upgrade", "GET /v1/ws" + host + "\r\n", 426);
        row("POST to the WebSocket", replaced(upgrade, "GET", "POST"), 405);
        row("WebSocket with body", replaced(upgrade, "\r\n\r\n", "\r\nContent-Length: 3\r\n\r\n"), 400);
        row("two keys", replaced(upgrade, "\r\n\r\n", "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), 400);
        row("root", "GET /" + host + "\r\n", 404);
        row("elsewhere", "GET /admin" + host + "\r\n", 404);
        row("call with GET", "GET /v1/Session/Hello" + host + "\r\n", 405);
        row("unknown call", "POST /v1/Session/Nothing" + host + "Content-Length: 0\r\n\r\n", 404);
        row("call of the other carrier", "POST /v1/Session/Hello" + host + "Content-Length: 0\r\n\r\n", 404);
        row("not HTTP", "\x16\x03\x01\x02", 400);
        row("garbage", "hello there\r\n\r\n", 400);
        row("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
        row("space in a name", "GET / HTTP/1.1\r\nHo st: x\r\n\r\n", 400);
        row("bare line feed", "GET / HTTP/1.1\r\nHost: x\n\r\n", 400);
        row("two lengths", "POST /v1/a/b" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400);
        row("length and chunks", "POST /v1/a/b" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400);
        row("negative length", "POST /v1/a/b" + host + "Content-Length: -1\r\n\r\n", 400);
    }
    void status()
    {
        QFETCH(QString, request);
        QFETCH(int, status);
        QCOMPARE(statusOf(request.toStdString()), status);
    }
    void headAtAndOverTheLimit()
    {
        const std::string start = replaced(upgrade, "\r\n\r\n", "\r\nX: ");
        const std::string fits = start + std::string(limit - start.size() - 4, 'x') + "\r\n\r\n";
        QCOMPARE(fits.size(), limit);
        QCOMPARE(statusOf(fits), 101);
        QCOMPARE(statusOf(fits.substr(0, limit - 1)), 0);
        QCOMPARE(statusOf(start + std::string(limit - start.size() - 3, 'x') + "\r\n\r\n"), 431);
        QCOMPARE(statusOf(start + std::string(2 * limit, 'x')), 431);
        QCOMPARE(statusOf(std::string(limit + 1, 'G')), 431);
    }
    void lengthsAreKept()
    {
        const auto result = readRequestHead("POST /v1/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615"
                                            "\r\n\r\n",
                                            limit);
        const auto* head = std::get_if<RequestHead>(&result);
        QVERIFY(head != nullptr);
        QCOMPARE(*head->contentLength, ~std::uint64_t{0});
    }
    void refusalsAreSentences()
    {
        const Bytes response = httpResponse(HttpRefusal{431, "too much"});
        QVERIFY(response.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
        QVERIFY(response.ends_with("\r\n\r\ntoo much.\n"));
        QVERIFY(response.find("Content-Length: 10\r\n") != Bytes::npos);
    }
    void callErrorsAreProtobuf()
    {
        const Bytes response = httpCallError(Error::make(wire::WireCode::NotFound, "no such call"));
        QVERIFY(response.starts_with("HTTP/1.1 404 "));
        wire::CallError error;
        QVERIFY(error.ParseFromString(response.substr(response.find("\r\n\r\n") + 4)));
        QCOMPARE(error.code(), wire::NOT_FOUND);
        QCOMPARE(error.detail(), std::string("no such call"));
    }
};

QTEST_APPLESS_MAIN(RequestHeadTest)
#include "RequestHeadTest.moc"
