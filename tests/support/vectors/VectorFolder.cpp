#include "tests/support/vectors/VectorFolder.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>
#include <cstdio>

namespace kith::test
{
namespace
{

QString sourceFolder()
{
    return qEnvironmentVariable("KITH_SOURCE_DIR", QStringLiteral("."));
}

QString vectorsFolder()
{
    return qEnvironmentVariable("KITH_VECTORS", sourceFolder() + QStringLiteral("/../shared/vectors"));
}

void printLine(const QString& line)
{
    std::fprintf(stdout, "%s\n", qPrintable(line));
    std::fflush(stdout);
}

} // namespace

VectorFolder::VectorFolder(const QString& subfolder, OwnCopy ownCopy)
{
    const QString folder = vectorsFolder() + QLatin1Char('/') + subfolder;
    const bool present = QDir(folder).exists();
    if (!present && qEnvironmentVariableIntValue("KITH_REQUIRE_VECTORS") == 1) {
        failure_ = QStringLiteral("KITH_REQUIRE_VECTORS=1, but there is no %1").arg(folder);
        return;
    }
    if (ownCopy == OwnCopy::Yes)
        readBelow(sourceFolder() + QStringLiteral("/tests/vectors/") + subfolder);
    if (present)
        readBelow(folder);
    if (!present && ownCopy == OwnCopy::No) {
        skipReason_ = QStringLiteral("no vectors in %1").arg(folder);
        printLine(QStringLiteral("SKIP ") + skipReason_);
    }
}

void VectorFolder::readBelow(const QString& folder)
{
    QStringList paths;
    QDirIterator walk(folder, {QStringLiteral("*.json")}, QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext())
        paths.append(walk.next());
    paths.sort();
    for (const QString& path : paths) {
        QFile file(path);
        QJsonParseError error;
        QJsonDocument json;
        if (file.open(QIODevice::ReadOnly))
            json = QJsonDocument::fromJson(file.readAll(), &error);
        if (json.isNull()) {
            failure_ = QStringLiteral("%1 is not readable JSON").arg(path);
            return;
        }
        const bool known = std::any_of(files_.begin(), files_.end(), [&](const File& f) { return f.json == json; });
        if (!known)
            files_.push_back({QDir(folder).relativeFilePath(path), json});
    }
}

void VectorFolder::report() const
{
    printLine(QStringLiteral("%1 records in %2 files").arg(records_).arg(files_.size()));
}

Bytes hexOf(const QJsonValue& value)
{
    if (value.isNull() || value.isUndefined())
        return {};
    const auto bytes = fromHex(value.toString().toStdString());
    if (!bytes)
        qFatal("not hex: %s", qPrintable(value.toString()));
    return *bytes;
}

} // namespace kith::test
