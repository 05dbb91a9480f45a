#pragma once
/// From nothing to an account: invite or server address, a name, and where the key is kept. Nothing typed is lost on
/// the way back. Owned by the composition root. Thread: the GUI thread.

#include "core/session/SignUp.h"

#include <QObject>

#include <optional>

namespace kith
{

class OnboardingController : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString step READ step NOTIFY changed)
    Q_PROPERTY(QString invite READ invite WRITE setInvite NOTIFY changed)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY changed)
    Q_PROPERTY(QString handle READ handle WRITE setHandle NOTIFY changed)
    Q_PROPERTY(QString passphrase READ passphrase WRITE setPassphrase NOTIFY changed)
    Q_PROPERTY(bool needsPassphrase READ needsPassphrase WRITE setNeedsPassphrase NOTIFY changed)
    Q_PROPERTY(bool hasKeychain READ hasKeychain NOTIFY changed)
    Q_PROPERTY(bool keyKept READ isKeyKept NOTIFY changed)
    Q_PROPERTY(QString server READ server NOTIFY changed)
    Q_PROPERTY(bool keyChecked READ isKeyChecked NOTIFY changed)
    Q_PROPERTY(QString linkProblem READ linkProblem NOTIFY changed)
    Q_PROPERTY(QString handleProblem READ handleProblem NOTIFY changed)
    Q_PROPERTY(QString passphraseProblem READ passphraseProblem NOTIFY changed)
    Q_PROPERTY(bool ready READ isReady NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    Q_PROPERTY(QString problem READ problem NOTIFY changed)

public:
    static constexpr int leastPassphrase = 12;

    /// `signUp` outlives the controller.
    explicit OnboardingController(SignUp& signUp, QObject* parent = nullptr);

    /// "welcome", "invite", "address", "name" or "key".
    [[nodiscard]] QString step() const;
    /// A link that somebody opened: straight to the name if it is whole, else to where it can be mended.
    void openLink(const QString& link);
    Q_INVOKABLE void useInvite();
    Q_INVOKABLE void useAddress();
    /// To the next step, if this one is complete; from the last one: makes the account.
    Q_INVOKABLE void next();
    Q_INVOKABLE void back();

    [[nodiscard]] QString invite() const { return invite_; }
    void setInvite(const QString& invite);
    [[nodiscard]] QString address() const { return address_; }
    void setAddress(const QString& address);
    [[nodiscard]] QString handle() const { return handle_; }
    void setHandle(const QString& handle);
    [[nodiscard]] QString passphrase() const { return passphrase_; }
    void setPassphrase(const QString& passphrase);
    [[nodiscard]] bool needsPassphrase() const { return needsPassphrase_; }
    void setNeedsPassphrase(bool needs);
    /// False until the system has answered.
    [[nodiscard]] bool hasKeychain() const { return hasKeychain_; }
    /// An earlier try has kept the key: nothing is asked about it any more.
    [[nodiscard]] bool isKeyKept() const { return signUp_.keyKept(); }

    /// host, or host:port where that is not the usual one; empty: what was typed names none.
    [[nodiscard]] QString server() const;
    /// The link carries the server's key, so nobody can stand in for it.
    [[nodiscard]] bool isKeyChecked() const;
    [[nodiscard]] QString linkProblem() const { return linkProblem_; }
    [[nodiscard]] QString handleProblem() const;
    [[nodiscard]] QString passphraseProblem() const;
    /// This step is complete.
    [[nodiscard]] bool isReady() const;
    [[nodiscard]] bool isBusy() const { return busy_; }
    /// Why the account could not be made; one sentence.
    [[nodiscard]] QString problem() const { return problem_; }

Q_SIGNALS:
    void changed();
    void signedUp();

private:
    enum class Step { Welcome, Invite, Address, Name, Key };

    void go(Step step);
    void parse();
    void create();

    SignUp& signUp_;
    Step step_ = Step::Welcome;
    bool byInvite_ = true;
    QString invite_;
    QString address_;
    QString handle_;
    QString passphrase_;
    QString linkProblem_;
    QString problem_;
    std::optional<RegistrationRequest> request_;
    bool hasKeychain_ = false;
    bool needsPassphrase_ = true;
    bool busy_ = false;
};

} // namespace kith
