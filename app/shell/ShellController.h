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
    Q_PROPERTY(bool readable MEMBER readable)

public:
    QString icon;
    QString heading; ///< Pages only.
    QString words;
    QString action; ///< Empty: none.
    bool busy = false;
    bool serious = false;
    bool readable = false; ///< What is stored can still be read.

    friend bool operator==(const Notice&, const Notice&) = default;
};

class ShellController : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString page READ page NOTIFY changed)
    Q_PROPERTY(kith::Notice banner READ banner NOTIFY changed)
    Q_PROPERTY(kith::Notice trouble READ trouble NOTIFY changed)
    Q_PROPERTY(bool slow READ isSlow NOTIFY changed)
    Q_PROPERTY(bool online READ isOnline NOTIFY changed)
    Q_PROPERTY(bool settingsOpen READ isSettingsOpen WRITE setSettingsOpen NOTIFY changed)
    Q_PROPERTY(bool detailsOpen READ isDetailsOpen WRITE setDetailsOpen NOTIFY changed)

public:
    /// A connection that comes back within this span is not worth a word.
    static constexpr Millis patience{2000};

    /// Opening until told otherwise. All outlive the controller.
    ShellController(Timers& timers, LiveFacts& live, QObject* parent = nullptr);

    void showOpening();
    void showWelcome();
    void showUnlock();
    /// In the way of opening the profile; there is no account yet.
    void showTrouble(const Notice& trouble);
    /// The account is there, and outlives the controller. `note` stands in front of the chats until it was read.
    void enter(Account& account, const Notice& note = {});

    /// "opening", "welcome", "unlock", "chats" or "trouble".
    [[nodiscard]] QString page() const;
    /// Opening takes long enough for a word.
    [[nodiscard]] bool isSlow() const { return slow_; }
    [[nodiscard]] const Notice& banner() const { return banner_; }
    [[nodiscard]] const Notice& trouble() const { return note_.words.isEmpty() ? trouble_ : note_; }
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
    /// Open the profile again.
    void retryWanted();

private:
    enum class Page { Opening, Welcome, Unlock, Trouble, Chats };

    void go(Page page);
    void connectionChanged(const net::ConnectionFact& fact);
    void countBehind();
    void show();

    Account* account_ = nullptr;
    Timers& timers_;
    LiveFacts& live_;
    ChangeFeed::Subscription subscription_;
    net::ConnectionFact fact_;
    std::unique_ptr<Timer> patienceTimer_;
    Notice banner_;
    Notice trouble_;
    Notice note_;
    std::uint64_t behind_ = 0; ///< Messages that are still to be fetched.
    Page page_ = Page::Opening;
    bool slow_ = false;
    bool waitedLong_ = false;
    bool storeStopped_ = false;
    bool dismissed_ = false;
    bool settingsOpen_ = false;
    bool detailsOpen_ = false;
};

} // namespace kith
