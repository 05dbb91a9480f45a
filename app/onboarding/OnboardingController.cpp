#include "app/onboarding/OnboardingController.h"

#include "core/base/WhenDone.h"

namespace kith
{
namespace
{

constexpr qsizetype leastHandle = 2;
constexpr qsizetype mostHandle = 32;

QString words(const Error& error)
{
    if (error.is(SessionError::Unreachable) || error.is(SessionError::Timeout))
        return OnboardingController::tr("The server can't be reached. Nothing was made yet; try again.");
    if (error.is(SessionError::Certificate))
        return OnboardingController::tr(
            "Whoever answered could not prove to be this server. Nothing was sent. Ask for a new invite.");
    return QString::fromStdString(error.detail);
}

} // namespace

OnboardingController::OnboardingController(SignUp& signUp, QObject* parent) : QObject(parent), signUp_(signUp)
{
    whenDone(this, signUp_.hasKeychain(), [this](bool has) {
        hasKeychain_ = has;
        needsPassphrase_ = !has || !passphrase_.isEmpty();
        Q_EMIT changed();
    });
}

QString OnboardingController::step() const
{
    switch (step_) {
    case Step::Invite:
        return QStringLiteral("invite");
    case Step::Address:
        return QStringLiteral("address");
    case Step::Name:
        return QStringLiteral("name");
    case Step::Key:
        return QStringLiteral("key");
    case Step::Welcome:
        break;
    }
    return QStringLiteral("welcome");
}

void OnboardingController::openLink(const QString& link)
{
    byInvite_ = true;
    setInvite(link);
    go(request_ ? Step::Name : Step::Invite);
}

void OnboardingController::useInvite()
{
    byInvite_ = true;
    parse();
    go(Step::Invite);
}

void OnboardingController::useAddress()
{
    byInvite_ = false;
    parse();
    go(Step::Address);
}

void OnboardingController::next()
{
    if (!isReady() || busy_)
        return;
    switch (step_) {
    case Step::Welcome:
        return;
    case Step::Invite:
    case Step::Address:
        return go(Step::Name);
    case Step::Name:
        return isKeyKept() ? create() : go(Step::Key);
    case Step::Key:
        return create();
    }
}

void OnboardingController::back()
{
    if (busy_)
        return;
    switch (step_) {
    case Step::Welcome:
        return;
    case Step::Invite:
    case Step::Address:
        return go(Step::Welcome);
    case Step::Name:
        return go(byInvite_ ? Step::Invite : Step::Address);
    case Step::Key:
        return go(Step::Name);
    }
}

void OnboardingController::setInvite(const QString& invite)
{
    invite_ = invite;
    parse();
    Q_EMIT changed();
}

void OnboardingController::setAddress(const QString& address)
{
    address_ = address;
    parse();
    Q_EMIT changed();
}

void OnboardingController::setHandle(const QString& handle)
{
    handle_ = handle;
    problem_.clear();
    Q_EMIT changed();
}

void OnboardingController::setPassphrase(const QString& passphrase)
{
    passphrase_ = passphrase;
    problem_.clear();
    Q_EMIT changed();
}

void OnboardingController::setNeedsPassphrase(bool needs)
{
    needsPassphrase_ = needs || !hasKeychain_;
    Q_EMIT changed();
}

QString OnboardingController::server() const
{
    return request_ ? QString::fromStdString(request_->server.host) : QString();
}

bool OnboardingController::isKeyChecked() const
{
    return request_ && byInvite_;
}

QString OnboardingController::handleProblem() const
{
    const QString name = handle_.trimmed();
    if (name.isEmpty())
        return {};
    if (name.size() < leastHandle)
        return tr("At least two letters.");
    if (name.size() > mostHandle)
        return tr("At most 32 letters.");
    for (const QChar letter : name)
        if (!letter.isLetterOrNumber() && !QStringLiteral("_.-").contains(letter))
            return tr("Letters, digits, dots, hyphens and underscores only.");
    return {};
}

QString OnboardingController::passphraseProblem() const
{
    if (passphrase_.isEmpty() || passphrase_.size() >= leastPassphrase)
        return {};
    return tr("At least %n characters; four random words are good.", nullptr, leastPassphrase);
}

bool OnboardingController::isReady() const
{
    switch (step_) {
    case Step::Welcome:
        return true;
    case Step::Invite:
    case Step::Address:
        return request_.has_value();
    case Step::Name:
        return !handle_.trimmed().isEmpty() && handleProblem().isEmpty();
    case Step::Key:
        return !needsPassphrase_ || passphrase_.size() >= leastPassphrase;
    }
    return false;
}

void OnboardingController::go(Step step)
{
    step_ = step;
    problem_.clear();
    Q_EMIT changed();
}

void OnboardingController::parse()
{
    request_.reset();
    linkProblem_.clear();
    const QString typed = (byInvite_ ? invite_ : address_).trimmed();
    if (typed.isEmpty())
        return;
    auto parsed =
        byInvite_ ? registrationFromInvite(typed.toStdString()) : registrationFromAddress(typed.toStdString());
    if (parsed.ok())
        request_ = std::move(parsed).value();
    else
        linkProblem_ = byInvite_ ? tr("This is not a whole invite link. Copy it again, from \"kith://\" to its end.")
                                 : tr("This is not a server's address. It looks like \"kith.example\".");
}

void OnboardingController::create()
{
    RegistrationRequest request = *request_;
    request.handle = handle_.trimmed().toStdString();
    busy_ = true;
    problem_.clear();
    Q_EMIT changed();
    auto passphrase = needsPassphrase_ && !isKeyKept() ? std::optional(passphrase_.toStdString()) : std::nullopt;
    whenDone(this, signUp_.createAccount(std::move(request), std::move(passphrase)), [this](const Result<void>& made) {
        busy_ = false;
        if (!made.ok()) {
            // What the server said is about the name or the invite; the key is made and stays.
            if (isKeyKept())
                step_ = Step::Name;
            problem_ = words(made.error());
        } else {
            passphrase_.clear();
        }
        Q_EMIT changed();
        if (made.ok())
            Q_EMIT signedUp();
    });
}

} // namespace kith
