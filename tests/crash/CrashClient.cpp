#include "tests/crash/CrashClient.h"

#include "core/crypto/PasswordHash.h"
#include "core/store/PassphraseVault.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

#include <signal.h>

namespace kith::crash
{
namespace
{

constexpr std::size_t inFlight = 48; // three windows of the outbox: all of its states at once
constexpr int patienceMs = 60'000;
const char* const passphrase = "a passphrase of no importance";
const char* const forEver = "86400";

QJsonObject rowOf(const QByteArray& line)
{
    return QJsonDocument::fromJson(line).object();
}

QString typeOf(const QJsonObject& row)
{
    return row[QStringLiteral("type")].toString();
}

} // namespace

CrashClient::CrashClient(QString program, const QString& home, std::string handle, Random& random, Findings& findings)
    : program_(std::move(program)), profile_(home + u'/' + QString::fromStdString(handle)),
      passphraseFile_(profile_ + QStringLiteral(".passphrase")), handle_(std::move(handle)), random_(random),
      findings_(findings)
{
    QFile file(passphraseFile_);
    if (file.open(QIODevice::WriteOnly))
        file.write(passphrase);
    process_.setProcessChannelMode(QProcess::SeparateChannels);
    connect(&process_, &QProcess::readyReadStandardOutput, this, &CrashClient::readRows);
    connect(&process_, &QProcess::readyReadStandardError, this, [this] {
        if (const QByteArray words = process_.readAllStandardError(); !words.isEmpty())
            lastError_ = words.trimmed();
    });
    connect(&process_, &QProcess::finished, this, &CrashClient::exited);
}

CrashClient::~CrashClient()
{
    kill();
    process_.waitForFinished();
}

void CrashClient::fail(Kind kind, const char* promise, const std::string& what)
{
    findings_.add(kind, promise, handle_, 0, what);
}

QStringList CrashClient::withProfile(const QStringList& command) const
{
    return QStringList{QStringLiteral("--profile"), profile_, QStringLiteral("--passphrase-file"), passphraseFile_} +
           command;
}

std::optional<std::vector<QJsonObject>> CrashClient::run(const QStringList& command)
{
    QProcess process;
    process.start(program_, withProfile(command));
    if (!process.waitForFinished(patienceMs) || process.exitStatus() != QProcess::NormalExit ||
        process.exitCode() != 0) {
        fail(Kind::Failure, "P11",
             "kith-cli " + command.first().toStdString() + " ends with " + std::to_string(process.exitCode()) + ": " +
                 process.readAllStandardError().trimmed().toStdString());
        process.kill();
        process.waitForFinished();
        return std::nullopt;
    }
    std::vector<QJsonObject> rows;
    for (const QByteArray& line : process.readAllStandardOutput().split('\n')) {
        if (!line.isEmpty())
            rows.push_back(rowOf(line));
    }
    return rows;
}

bool CrashClient::enrol(std::uint16_t port)
{
    const auto address = QStringLiteral("ws://127.0.0.1:%1").arg(port);
    return run({QStringLiteral("register"), QStringLiteral("--server"), address, QStringLiteral("--name"),
                QString::fromStdString(handle_)}) &&
           weakenPassphrase();
}

/// Argon2id would take a second of each life, and the kills would fall into it instead of into messages.
bool CrashClient::weakenPassphrase()
{
    const QDir folder(profile_ + QStringLiteral("/keys"));
    PasswordHashParameters weak = PasswordHashParameters::mobile(random_);
    weak.passes = 1;
    weak.memoryKiB = 8;
    const auto vault = [&] {
        return PassphraseVault(folder.path().toStdString(), SecretBytes::copyOf(passphrase), weak, random_);
    };
    PassphraseVault strong = vault();
    PassphraseVault cheap = vault();
    for (const QString& file : folder.entryList({QStringLiteral("*.key")}, QDir::Files)) {
        const std::string name = file.chopped(4).toStdString();
        const auto key = strong.load(name);
        if (!key || !cheap.save(name, *key)) {
            fail(Kind::Failure, "setup", "the key " + name + " cannot be wrapped anew");
            return false;
        }
    }
    return true;
}

void CrashClient::start(const std::string& peer)
{
    process_.waitForFinished();
    doomed_ = false;
    fed_ = 0;
    onDisk_.clear();
    received_.clear();
    lastError_.clear();
    sends_ = random_.below(4) != 0;
    QStringList command{QStringLiteral("--timeout"), QString::fromLatin1(forEver)};
    if (sends_)
        command += {QStringLiteral("send"), QString::fromStdString(peer), QStringLiteral("--lines")};
    else
        command += {QStringLiteral("receive"), QStringLiteral("--follow")};
    process_.start(program_, withProfile(command));
    feed();
}

void CrashClient::kill()
{
    doomed_ = true;
    process_.kill();
}

void CrashClient::finish()
{
    if (sends_) {
        process_.closeWriteChannel();
    } else {
        doomed_ = true; // it may not listen to signals yet
        process_.terminate();
    }
    sends_ = false;
}

void CrashClient::feed()
{
    while (sends_ && !doomed_ && fed_ < inFlight) {
        ++fed_;
        const std::string filling = toHex(random_.bytes(1 + random_.below(200)));
        process_.write(QByteArray::fromStdString(textFor(handle_, ++lastNumber_, filling)) + '\n');
    }
}

void CrashClient::readRows()
{
    while (process_.canReadLine())
        note(rowOf(process_.readLine()));
    feed();
}

void CrashClient::note(const QJsonObject& row)
{
    if (typeOf(row) != QLatin1String("message"))
        return;
    const TranscriptRow message = TranscriptRow::of(row);
    if (message.author != handle_) {
        if (!received_.insert(QString::fromStdString(message.id)).second)
            fail(Kind::Duplicated, "P2", "receive prints #" + std::to_string(message.seq) + " twice");
        return;
    }
    if (message.state == "queued") {
        onDisk_.insert(message.number);
        told_.emplace(message.number, std::nullopt);
        return;
    }
    if (message.seq == 0)
        return fail(Kind::Failure, "P1", "message " + std::to_string(message.number) + " ends as " + message.state);
    onDisk_.erase(message.number);
    told_[message.number] = message.seq;
    fed_ -= std::min<std::size_t>(fed_, 1);
}

void CrashClient::exited(int code, QProcess::ExitStatus status)
{
    readRows();
    if (doomed_)
        caughtUnsent_ += onDisk_.size();
    else if (status != QProcess::NormalExit || code != 0)
        fail(Kind::Failure, "P11", "kith-cli ended with " + std::to_string(code) + ": " + lastError_.toStdString());
}

std::optional<Transcript> CrashClient::transcript(const std::string& peer)
{
    const auto rows = run(
        {QStringLiteral("history"), QString::fromStdString(peer), QStringLiteral("--limit"), QStringLiteral("100000")});
    if (!rows)
        return std::nullopt;
    Transcript out;
    out.owner = handle_;
    for (const QJsonObject& row : *rows) {
        if (typeOf(row) != QLatin1String("message"))
            continue;
        out.log = row[QStringLiteral("conversation")].toString().toStdString();
        out.rows.push_back(TranscriptRow::of(row));
    }
    return out;
}

} // namespace kith::crash
