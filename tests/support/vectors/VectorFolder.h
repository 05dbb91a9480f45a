#pragma once
/// Every JSON file below one subfolder of the vectors. Owned by a test. Thread: one.

#include "core/base/Bytes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>

#include <vector>

namespace kith::test
{

class VectorFolder
{
public:
    enum class OwnCopy {
        No,
        Yes, ///< tests/vectors has a copy, which is read too; the same file in both places counts once.
    };

    struct File {
        QString name;
        QJsonDocument json;
    };

    explicit VectorFolder(const QString& subfolder, OwnCopy ownCopy = OwnCopy::No);

    [[nodiscard]] const std::vector<File>& files() const { return files_; }
    /// Empty, or why there is nothing to read (then QSKIP), or why that fails the test.
    [[nodiscard]] const QString& skipReason() const { return skipReason_; }
    [[nodiscard]] const QString& failure() const { return failure_; }

    void countRecord() { ++records_; }
    [[nodiscard]] int records() const { return records_; }
    /// Prints "N records in M files".
    void report() const;

private:
    void readBelow(const QString& folder);

    std::vector<File> files_;
    QString skipReason_;
    QString failure_;
    int records_ = 0;
};

/// The octets of a hex string; empty for null. A string that is not hex aborts the test program: bad data.
[[nodiscard]] Bytes hexOf(const QJsonValue& value);

} // namespace kith::test

/// At the top of a vector test's function: skips or fails when the folder is not there.
#define KITH_NEED_VECTORS(folder)                                                                                      \
    do {                                                                                                               \
        if (!(folder).failure().isEmpty())                                                                             \
            QFAIL(qPrintable((folder).failure()));                                                                     \
        if (!(folder).skipReason().isEmpty())                                                                          \
            QSKIP(qPrintable((folder).skipReason()));                                                                  \
    } while (false)
