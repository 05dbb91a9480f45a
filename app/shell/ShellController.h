#pragma once
/// What the whole window is about: first run, chats, or a trouble that stands in front of them; and the banner that
/// tells the truth about the connection. Owned by the composition root. Thread: the GUI thread.

#include "core/base/Timers.h"
#include "core/models/LiveFacts.h"
#include "core/session/Account.h"

#include <QObject>

namespace kith
{

/// A banner or a page about a trouble: what happened, what is safe, what to do. Empty words: there is none.
struct Notice {
    Q_GADGET
    Q_PROPERTY(QString icon MEMBER icon)
    Q_PROPERTY(QString heading MEMBER heading)
    Q_PROPERTY(QString words MEMBER words)
    Q_PROPERTY(QString action MEMBER action)
    Q_PROPERTY(bool busy MEMBER busy)
    Q_PROPERTY(bool serious MEMBER serious)

public:
    QString icon;
    QString heading; ///< Pages only.
    QString words;
    QString action; ///< Empty: none.
    bool busy = false;
    bool serious = false;

    friend bool operator==(const Notice&, const Notice&) = default;
};

class ShellController : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString page READ page NOTIFY changed)
    Q_PROPERTY(kith::Notice banner READ banner NOTIFY changed)
    Q_PROPERTY(kith::Notice trouble READ trouble NOTIFY changed)
    Q_PROPERTY(bool online READ isOnline NOTIFY changed)
    Q_PROPERTY(bool settingsOpen READ isSettingsOpen WRITE setSettingsOpen NOTIFY changed)
    Q_PROPERTY(bool detailsOpen READ isDetailsOpen WRITE setDetailsOpen NOTIFY changed)

public:
    /// A connection that comes back within this span is not worth a word.
    static constexpr Millis patience{2000};

    /// Without an account: first run. All outlive the controller.
    ShellController(Account* account, Timers& timers, LiveFacts& live, QObject* parent = nullptr);

    /// "welcome", "chats" or "trouble".
    [[nodiscard]] QString page() const;
    [[nodiscard]] const Notice& banner() const { return banner_; }
    [[nodiscard]] const Notice& trouble() const { return trouble_; }
    [[nodiscard]] bool isOnline() const;
    [[nodiscard]] bool isSettingsOpen() const { return settingsOpen_; }
    void setSettingsOpen(bool open);
    [[nodiscard]] bool isDetailsOpen() const { return detailsOpen_; }
    void setDetailsOpen(bool open);

    /// What the banner's or the trouble's button offers.
    Q_INVOKABLE void act();
    /// Past the page, to what can be read still; the banner goes on saying it.
    Q_INVOKABLE void readOnly();

    void storeStopped(const Error& error);

Q_SIGNALS:
    void changed();

private:
    void connectionChanged(const net::ConnectionFact& fact);
    void countBehind();
    void show();

    Account* account_;
    Timers& timers_;
    LiveFacts& live_;
    ChangeFeed::Subscription subscription_;
    net::ConnectionFact fact_;
    std::unique_ptr<Timer> patienceTimer_;
    Notice banner_;
    Notice trouble_;
    std::uint64_t behind_ = 0; ///< Messages that are still to be fetched.
    bool waitedLong_ = false;
    bool storeStopped_ = false;
    bool dismissed_ = false;
    bool settingsOpen_ = false;
    bool detailsOpen_ = false;
};

} // namespace kith
