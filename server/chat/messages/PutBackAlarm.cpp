#include "server/chat/messages/PutBackAlarm.h"

#include "core/base/Log.h"
#include "server/chat/ChatError.h"

namespace kith::server
{

Error PutBackAlarm::raise(LogId log, DeviceId device)
{
    const MonoTime now = clock_.mono();
    {
        const std::lock_guard lock(mutex_);
        if (!said_ || now - *said_ >= quiet) {
            said_ = now;
            // Named by ids in digest form; a device that lies can write this line once a minute and no more.
            kith::log(LogLevel::Error, "server_put_back",
                      {{"log", std::string_view(hashed(log.view()))},
                       {"device", std::string_view(hashed(device.view()))},
                       {"words", std::string_view("A device has stored more than this server holds: its data was put "
                                                  "back from an older copy. Stop the server, run 'kithd restored', "
                                                  "start it again.")}});
        }
    }
    Error error = Error::make(ChatError::Unavailable,
                              "The server was put back from an older copy of its data and is not ready: its operator "
                              "has to run 'kithd restored'. Nothing on this device is lost.");
    error.retryAfter = retryAfter;
    return error;
}

} // namespace kith::server
