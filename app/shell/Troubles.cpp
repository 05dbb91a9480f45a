#include "app/shell/Troubles.h"

#include "core/base/KeyVault.h"
#include "core/session/SessionError.h"

#include <QDir>

namespace kith
{
namespace
{

QString tr(const char* words)
{
    return ShellController::tr(words);
}

Notice page(const char* icon, const QString& heading, const QString& words)
{
    return {QString::fromLatin1(icon), heading, words, tr("Try again"), false, true, false};
}

QString beginAnew()
{
    return tr("Or begin with another profile: start Kith as \"kith --profile NAME\".");
}

Notice keyTrouble(const Error& error, const QString& folder)
{
    if (error.is(KeyVaultError::Unavailable))
        return page(
            "key", tr("The keychain is closed"),
            tr("The key of your messages is in this system's keychain, which is locked or does not answer. Your "
               "messages are safe on this device. Unlock or start the keychain, then try again."));
    if (error.is(KeyVaultError::NotFound))
        return page(
            "key", tr("The key is missing"),
            tr("The key that opens your messages is not where it was kept: this system's keychain lost it, or the "
               "folder %1 was moved. Without it nobody can read them. Nothing was changed. Put it back, then try "
               "again.")
                    .arg(folder) +
                QLatin1Char(' ') + beginAnew());
    return page(
        "key", tr("The key is damaged"),
        tr("What is stored of the key that opens your messages does not hold together. Nothing was changed. Put "
           "back a backup of the folder %1, then try again.")
                .arg(folder) +
            QLatin1Char(' ') + beginAnew());
}

Notice storeTrouble(std::string_view code, const QString& folder)
{
    if (code == "busy")
        return page("device", tr("Kith is already open"),
                    tr("Another window of Kith, or kith-cli, has this profile open. Your messages are safe. Close it, "
                       "then try again."));
    if (code == "too_new")
        return page(
            "update", tr("Kith must be updated"),
            tr("A newer version of Kith stored your messages, and this one leaves them as they are. Update Kith, "
               "then open it again."));
    if (code == "full" || code == "io" || code == "stopped")
        return page("disk", tr("The disk can't be used"),
                    tr("The disk is full or failing, or the folder %1 is not yours to write. What was stored before is "
                       "kept. Make room or mend the folder, then try again.")
                        .arg(folder));
    if (code == "wrong_key")
        return page(
            "key", tr("The key does not fit"),
            tr("The key that was found is not the one of the messages in %1. Nothing was changed. Put back what "
               "belongs together, from one backup, then try again.")
                    .arg(folder) +
                QLatin1Char(' ') + beginAnew());
    return page(
        "disk", tr("Your messages can't be read"),
        tr("The file that holds them is damaged. Nothing was changed. Copy the folder %1 to a safe place, put back "
           "a backup of it, then try again.")
                .arg(folder) +
            QLatin1Char(' ') + beginAnew());
}

} // namespace

Notice openingTrouble(const Error& error, const QString& directory)
{
    const QString folder = QDir::toNativeSeparators(directory);
    if (error.domain == ErrorTraits<KeyVaultError>::domain)
        return keyTrouble(error, folder);
    if (error.domain == "store")
        return storeTrouble(error.name, folder);
    if (error.is(SessionError::OldCopy))
        return page(
            "device", tr("This is an old copy"),
            tr("What lies in %1 is not the newest state of this device, or was made on another one. Nothing was "
               "sent with it. Put the newest copy back, or use it where it was made.")
                .arg(folder));
    return page("info", tr("Your messages can't be opened"),
                tr("Something went wrong that trying again may mend: %1. Nothing was changed.")
                    .arg(QString::fromStdString(error.detail)));
}

Notice unusedInvite(const QString& handle)
{
    Notice note = page("mail", tr("The invite was not used"),
                       tr("You already have an account here: @%1. The invite is still good. To make another account "
                          "with it, start Kith as \"kith --profile NAME LINK\".")
                           .arg(handle));
    note.action.clear();
    note.serious = false;
    note.readable = true;
    return note;
}

} // namespace kith
