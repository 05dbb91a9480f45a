#include "tests/support/signal/SignalSession.h"
#include "tests/support/signal/XEdDsa.h"
#include "tests/support/vectors/VectorFolder.h"

#include <QTest>

#include <deque>

using namespace kith;
using namespace kith::test;

namespace
{

/// Gives out the secrets that the recorded run drew.
class RecordedRandom final : public Random
{
public:
    void push(Bytes bytes) { next_.push_back(std::move(bytes)); }
    void clear() { next_.clear(); }
    void fill(void* out, std::size_t size) override
    {
        if (next_.empty() || next_.front().size() != size)
            qFatal("the code draws what the recorded run did not");
        std::copy(next_.front().begin(), next_.front().end(), static_cast<char*>(out));
        next_.pop_front();
    }

private:
    std::deque<Bytes> next_;
};

X25519PublicKey keyAt(const QJsonObject& object, const char* name)
{
    return fromSignalKey(hexOf(object.value(QLatin1String(name)))).value_or(X25519PublicKey{});
}
X25519SecretKey secretAt(const QJsonObject& object, const char* name)
{
    return std::move(*X25519SecretKey::copyOf(hexOf(object.value(QLatin1String(name)))));
}
X25519KeyPair pairAt(const QJsonObject& object, const char* name)
{
    X25519SecretKey secret = secretAt(object, name);
    return {x25519PublicKey(secret), std::move(secret)};
}
Bytes bytesAt(const QJsonObject& object, const char* name)
{
    return hexOf(object.value(QLatin1String(name)));
}
unsigned numberAt(const QJsonObject& object, const char* name)
{
    return static_cast<unsigned>(object.value(QLatin1String(name)).toInt());
}

/// Every secret of our state against the recorded one; an empty string when all agree.
QString difference(const RatchetState& state, const QJsonObject& expected)
{
    const QJsonObject sending = expected.value(QStringLiteral("sending")).toObject();
    const QJsonArray receiving = expected.value(QStringLiteral("receiving")).toArray();
    if (state.root.exposeSecret() != bytesAt(expected, "root_key"))
        return QStringLiteral("root key");
    if (state.previousLength != numberAt(expected, "previous_counter"))
        return QStringLiteral("previous counter");
    if (state.ratchet.publicKey != keyAt(sending, "ratchet_public") ||
        state.ratchet.secretKey.exposeSecret() != bytesAt(sending, "ratchet_private"))
        return QStringLiteral("own ratchet pair");
    if (!state.sendKey || state.sendKey->exposeSecret() != bytesAt(sending, "chain_key") ||
        state.sendNext != numberAt(sending, "chain_index"))
        return QStringLiteral("sending chain");
    if (state.receiving.size() != static_cast<std::size_t>(receiving.size()))
        return QStringLiteral("number of receive chains");
    for (std::size_t i = 0; i < state.receiving.size(); ++i) {
        const QJsonObject chain = receiving[static_cast<qsizetype>(i)].toObject();
        if (state.receiving[i].ratchetKey != keyAt(chain, "ratchet_public") ||
            state.receiving[i].key.exposeSecret() != bytesAt(chain, "chain_key") ||
            state.receiving[i].next != numberAt(chain, "chain_index") ||
            state.receiving[i].skipped.size() != numberAt(chain, "skipped_keys"))
            return QStringLiteral("receive chain %1").arg(i);
    }
    return {};
}

/// One recorded session, both sides replayed.
class Replay
{
public:
    explicit Replay(const QJsonObject& session)
        : alice_(pairAt(session.value(QStringLiteral("alice")).toObject(), "identity_private")),
          bobObject_(session.value(QStringLiteral("bob")).toObject()), bob_(pairAt(bobObject_, "identity_private")),
          signedPreKey_(pairAt(bobObject_, "signed_prekey_private"))
    {
        if (session.value(QStringLiteral("one_time_prekey_used")).toBool())
            oneTime_ = pairAt(bobObject_, "one_time_prekey_private");
    }

    bool signatureVerifies() const
    {
        const Bytes signature = bytesAt(bobObject_, "signed_prekey_signature");
        const Bytes key = signalKey(signedPreKey_.publicKey);
        return xeddsaVerify(bob_.publicKey, key, signature) && !xeddsaVerify(alice_.publicKey, key, signature);
    }

    /// Empty, or what differs.
    QString step(const QJsonObject& step)
    {
        const bool byAlice = step.value(QStringLiteral("by")).toString() == QStringLiteral("alice");
        const QString op = step.value(QStringLiteral("op")).toString();
        const QJsonObject after = step.value(QStringLiteral("state_after")).toObject();
        random_.clear();
        random_.push(bytesAt(after.value(QStringLiteral("sending")).toObject(), "ratchet_private"));
        QString fault = QStringLiteral("unknown kind of step");
        if (op == QStringLiteral("send"))
            fault = send(step, byAlice);
        else if (op == QStringLiteral("recv"))
            fault = receive(step, byAlice);
        if (!fault.isEmpty())
            return fault;
        return difference((byAlice ? aliceSession_ : bobSession_)->state(), after);
    }

private:
    QString send(const QJsonObject& step, bool byAlice)
    {
        const Bytes expected = bytesAt(step, "ciphertext");
        if (!aliceSession_ && byAlice) {
            const auto parsed = parsePreKeyMessage(expected);
            if (!parsed || !begin(parsed->offer))
                return QStringLiteral("the handshake");
        }
        auto& session = byAlice ? aliceSession_ : bobSession_;
        const auto message = session ? session->encrypt(bytesAt(step, "plaintext"))
                                     : Result<SignalSession::Message>(Error::make(E2eeError::MissingSession, ""));
        if (!message || message->bytes != expected)
            return QStringLiteral("ciphertext");
        if (message->preKey != (step.value(QStringLiteral("type")).toString() == QStringLiteral("prekey")))
            return QStringLiteral("type of message");
        sent_[numberAt(step, "message_no")] = {*message, bytesAt(step, "plaintext")};
        return {};
    }

    QString receive(const QJsonObject& step, bool byAlice)
    {
        const auto& [message, plaintext] = sent_[numberAt(step, "message_no")];
        Bytes inner = message.bytes;
        if (message.preKey) {
            const auto parsed = parsePreKeyMessage(message.bytes);
            inner = parsed->message;
            if (!bobSession_) {
                auto session =
                    SignalSession::respond(bob_, signedPreKey_, oneTime_ ? &*oneTime_ : nullptr, parsed->offer);
                if (!session)
                    return QStringLiteral("the answer to the handshake");
                bobSession_ = std::move(*session);
            }
        }
        auto& session = byAlice ? aliceSession_ : bobSession_;
        const auto opened = session->decrypt(inner, random_);
        if (!opened || opened->exposeSecret() != plaintext)
            return QStringLiteral("plaintext");
        const auto again = session->decrypt(inner, random_);
        return again ? QStringLiteral("a replay opens") : QString();
    }

    /// The base key's private half is not listed: the responder's computation gives the same secret.
    bool begin(const SignalOffer& offer)
    {
        const auto input =
            x3dhResponderInput(bob_.secretKey, signedPreKey_.secretKey, oneTime_ ? &oneTime_->secretKey : nullptr,
                               alice_.publicKey, offer.baseKey);
        if (!input || offer.identityKey != alice_.publicKey)
            return false;
        auto session = SignalSession::initiateFrom(*input, alice_.publicKey, bob_.publicKey, signedPreKey_.publicKey,
                                                   offer, random_);
        if (session)
            aliceSession_ = std::move(*session);
        return session.ok();
    }

    X25519KeyPair alice_;
    QJsonObject bobObject_;
    X25519KeyPair bob_;
    X25519KeyPair signedPreKey_;
    std::optional<X25519KeyPair> oneTime_;
    std::optional<SignalSession> aliceSession_;
    std::optional<SignalSession> bobSession_;
    std::map<unsigned, std::pair<SignalSession::Message, Bytes>> sent_;
    RecordedRandom random_;
};

} // namespace

class RatchetVectorTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStepOfEverySession()
    {
        VectorFolder folder(QStringLiteral("ratchet"), VectorFolder::OwnCopy::Yes);
        KITH_NEED_VECTORS(folder);
        for (const VectorFolder::File& file : folder.files()) {
            QVERIFY2(file.json.object().contains(QStringLiteral("sessions")),
                     qPrintable(file.name + QStringLiteral(": unknown kind")));
            int number = 0;
            for (const QJsonValue& value : file.json.object().value(QStringLiteral("sessions")).toArray()) {
                Replay replay(value.toObject());
                QVERIFY2(replay.signatureVerifies(), "the signed pre-key's signature");
                const QJsonArray steps = value.toObject().value(QStringLiteral("steps")).toArray();
                for (qsizetype i = 0; i < steps.size(); ++i) {
                    const QString fault = replay.step(steps[i].toObject());
                    QVERIFY2(
                        fault.isEmpty(),
                        qPrintable(
                            QStringLiteral("%1 session %2 step %3: %4").arg(file.name).arg(number).arg(i).arg(fault)));
                    folder.countRecord();
                }
                ++number;
            }
        }
        folder.report();
        QVERIFY(folder.records() > 0);
    }
};

QTEST_APPLESS_MAIN(RatchetVectorTest)
#include "RatchetVectorTest.moc"
