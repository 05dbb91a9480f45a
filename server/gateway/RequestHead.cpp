#include "server/gateway/RequestHead.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>

namespace kith::server
{
namespace http = boost::beast::http;

namespace
{

constexpr std::string_view endOfHead = "\r\n\r\n";

std::string toStd(boost::beast::string_view text)
{
    return {text.data(), text.size()};
}

HttpRefusal refusalOf(boost::beast::error_code error, std::size_t limit)
{
    if (error == http::error::header_limit)
        return {431, "the request head has more than " + std::to_string(limit) + " octets"};
    if (error == http::error::bad_version)
        return {505, "this server speaks HTTP/1.1"};
    if (error == http::error::bad_content_length || error == http::error::bad_transfer_encoding)
        return {400, "the length of the request body is ambiguous"};
    return {400, "this is no HTTP request: " + error.message()};
}

bool hasToken(boost::beast::string_view list, boost::beast::string_view token)
{
    return http::token_list{list}.exists(token);
}

/// A field that must not be repeated: two values are two opinions.
bool repeated(const http::fields& fields, http::field name)
{
    return fields.count(name) > 1;
}

} // namespace

std::string_view RequestHead::path() const
{
    return std::string_view(target).substr(0, std::min(target.find('?'), target.find('#')));
}

HeadResult readRequestHead(ByteView bytes, std::size_t limit)
{
    const std::size_t end = bytes.substr(0, limit).find(endOfHead);
    const bool whole = end != ByteView::npos;
    const ByteView head = whole ? bytes.substr(0, end + endOfHead.size()) : bytes.substr(0, limit);

    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limit));
    parser.skip(true); // the body is not this parser's business
    boost::beast::error_code error;
    parser.put(boost::asio::buffer(head.data(), head.size()), error);
    if (!parser.is_header_done()) {
        if (error && error != http::error::need_more)
            return refusalOf(error, limit);
        if (whole)
            return HttpRefusal{400, "this is no HTTP request"};
        if (bytes.size() >= limit)
            return refusalOf(http::error::header_limit, limit);
        return HeadIncomplete{};
    }
    if (error && error != http::error::need_more)
        return refusalOf(error, limit);

    const auto& message = parser.get();
    for (const http::field name : {http::field::host, http::field::content_length, http::field::transfer_encoding,
                                   http::field::sec_websocket_key, http::field::sec_websocket_version}) {
        if (repeated(message, name))
            return HttpRefusal{400, "a header that may stand once stands twice"};
    }
    RequestHead out;
    out.method = toStd(message.method_string());
    out.target = toStd(message.target());
    out.size = head.size();
    out.chunked = parser.chunked();
    if (const auto length = parser.content_length())
        out.contentLength = *length;
    if (out.chunked && message.count(http::field::content_length) != 0)
        return refusalOf(http::error::bad_content_length, limit);
    out.http11 = message.version() == 11;
    out.keepAlive = message.keep_alive();
    out.connectionUpgrade = hasToken(message[http::field::connection], "upgrade");
    out.upgradeWebSocket = hasToken(message[http::field::upgrade], "websocket");
    out.webSocketVersion = toStd(message[http::field::sec_websocket_version]);
    out.webSocketKey = toStd(message[http::field::sec_websocket_key]);
    out.subprotocols = toStd(message[http::field::sec_websocket_protocol]);
    return out;
}

} // namespace kith::server
