#pragma once
/// The passphrase that opens a profile, asked for until one does. Owned by the composition root, which tries it.
/// Thread: the GUI thread.

#include <QObject>

#include <string>

namespace kith
{

class UnlockController : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString passphrase READ passphrase WRITE setPassphrase NOTIFY changed)
    Q_PROPERTY(bool ready READ isReady NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    Q_PROPERTY(QString problem READ problem NOTIFY changed)

public:
    using QObject::QObject;

    [[nodiscard]] QString passphrase() const { return passphrase_; }
    void setPassphrase(const QString& passphrase);
    [[nodiscard]] bool isReady() const { return !passphrase_.isEmpty() && !busy_; }
    [[nodiscard]] bool isBusy() const { return busy_; }
    /// One sentence; empty: nothing went wrong.
    [[nodiscard]] QString problem() const { return problem_; }

    Q_INVOKABLE void unlock();

    /// It does not open the profile; what was typed stays, to be corrected.
    void refused();
    /// It is not needed any more, and forgotten.
    void finished();

Q_SIGNALS:
    void changed();
    void tried(const std::string& passphrase);

private:
    QString passphrase_;
    QString problem_;
    bool busy_ = false;
};

} // namespace kith
