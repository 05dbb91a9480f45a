#include "app/onboarding/UnlockController.h"

namespace kith
{

void UnlockController::setPassphrase(const QString& passphrase)
{
    passphrase_ = passphrase;
    problem_.clear();
    Q_EMIT changed();
}

void UnlockController::unlock()
{
    if (!isReady())
        return;
    busy_ = true;
    problem_.clear();
    Q_EMIT changed();
    Q_EMIT tried(passphrase_.toStdString());
}

void UnlockController::refused()
{
    busy_ = false;
    problem_ = tr("This passphrase does not open your messages. Nothing was changed; try again.");
    Q_EMIT changed();
}

void UnlockController::finished()
{
    busy_ = false;
    passphrase_.clear();
    problem_.clear();
    Q_EMIT changed();
}

} // namespace kith
