#include "app/offline/Scenes.h"

#include "app/offline/SceneWorlds.h"

#include <QGuiApplication>
#include <QQuickWindow>

namespace kith::offline
{
namespace
{

using net::ConnectionState;

constexpr QSize phone{360, 640};
constexpr QSize large{3840, 2160};
constexpr Millis longEnough{5000};

std::function<void(OfflineApp&)> openFirst()
{
    return [](OfflineApp& app) { app.conversations().selectFirst(); };
}

std::function<void(OfflineApp&)> connection(ConnectionState state)
{
    return [state](OfflineApp& app) {
        app.conversations().selectFirst();
        app.world().account().setConnection({state, {}, {}, {}, {}});
        app.settle(longEnough);
    };
}

std::function<void(OfflineApp&)> onboarding(std::function<void(OnboardingController&)> steps)
{
    return [steps = std::move(steps)](OfflineApp& app) { steps(app.onboarding()); };
}

void fillInvite(OnboardingController& onboarding)
{
    onboarding.useInvite();
    onboarding.setInvite(sampleInvite());
}

void fillName(OnboardingController& onboarding)
{
    fillInvite(onboarding);
    onboarding.next();
    onboarding.setHandle(QStringLiteral("elin"));
}

const std::vector<Scene>& all()
{
    static const std::vector<Scene> scenes{
        {"welcome", "first run: the first step", nothing, {}, Scene::usual, false},
        {"welcome-invite", "first run: an invite", nothing, onboarding(fillInvite), Scene::usual, false},
        {"welcome-invite-broken", "first run: half an invite", nothing, onboarding([](OnboardingController& o) {
             o.useInvite();
             o.setInvite(QStringLiteral("kith://kith.example/i#t=abc"));
         }),
         Scene::usual, false},
        {"welcome-address", "first run: a server's address", nothing, onboarding([](OnboardingController& o) {
             o.useAddress();
             o.setAddress(QStringLiteral("kith.example"));
         }),
         Scene::usual, false},
        {"welcome-name", "first run: a name", nothing, onboarding(fillName), Scene::usual, false},
        {"welcome-key", "first run: where the key is kept", nothing, onboarding([](OnboardingController& o) {
             fillName(o);
             o.next();
             o.setNeedsPassphrase(true);
             o.setPassphrase(QStringLiteral("short"));
         }),
         Scene::usual, false},
        {"first-run", "first run without any chat", nothing, {}},
        {"nothing-selected", "nothing selected", friends, {}},
        {"chat", "a chat, with unread messages", friends, openFirst()},
        {"details", "a person's details and safety number", friends,
         [](OfflineApp& app) {
             app.conversations().selectFirst();
             app.shell().setDetailsOpen(true);
         }},
        {"settings", "settings with a live sample", friends,
         [](OfflineApp& app) { app.shell().setSettingsOpen(true); }},
        {"chat-empty", "chat without messages", emptyChat,
         [](OfflineApp& app) {
             app.conversations().setQuery(QStringLiteral("ebba"));
             app.settle();
             app.conversations().selectFirst();
             app.conversations().setQuery({});
         }},
        {"notes", "notes to self", notesAlone, openFirst()},
        {"search-empty", "searching without result", friends,
         [](OfflineApp& app) { app.conversations().setQuery(QStringLiteral("matilda")); }},
        {"search-hits", "searching with results", friends,
         [](OfflineApp& app) { app.conversations().setQuery(QStringLiteral("an")); }},
        {"nobody-found", "nobody has that handle", friends,
         [](OfflineApp& app) {
             app.conversations().setQuery(QStringLiteral("matilda"));
             app.settle();
             app.conversations().startChat(QStringLiteral("matilda"));
         }},
        {"unread", "the unread filter", friends,
         [](OfflineApp& app) { app.conversations().setShow(QStringLiteral("unread")); }},
        {"offline", "offline", friends,
         [](OfflineApp& app) {
             connection(ConnectionState::Offline)(app);
             app.chat().setDraft(QStringLiteral("Sent from the tunnel, I hope"));
             app.chat().send();
         }},
        {"connecting", "connecting for long", friends, connection(ConnectionState::Connecting)},
        {"catching-up", "catching up with 10,000 messages", behind, connection(ConnectionState::CatchingUp)},
        {"server-gone", "server gone", friends, connection(ConnectionState::Unreachable)},
        {"certificate", "certificate wrong", friends, connection(ConnectionState::CertificateProblem)},
        {"device-removed", "account removed on this device", friends, connection(ConnectionState::Revoked)},
        {"device-removed-reading", "reading on a removed device", friends,
         [](OfflineApp& app) {
             connection(ConnectionState::Revoked)(app);
             app.shell().readOnly();
         }},
        {"disk-full", "disk full", friends, [](OfflineApp& app) { app.world().account().stopStore(); }},
        {"waiting", "waiting for a message, and one that was lost", waiting, openFirst()},
        {"deleted", "deleted", deleted, openFirst()},
        {"failed", "failed", failed, openFirst()},
        {"request", "a message request", request,
         [](OfflineApp& app) {
             app.conversations().setShow(QStringLiteral("requests"));
             app.settle();
             app.conversations().selectFirst();
         }},
        {"blocked", "blocked", blocked, openFirst()},
        {"key-changed", "a changed security code", keyChanged, openFirst()},
        {"long-names", "very long names and words", longNames, openFirst()},
        {"long-message", "3,000-line message", longMessage, openFirst()},
        {"emoji", "only emoji", emoji, openFirst()},
        {"replies", "replies, and one to what is not here", replies, openFirst()},
        {"right-to-left", "right-to-left", arabic, openFirst(), Scene::usual, true, {}, "ar"},
        {"text-200", "200 % text", friends,
         [](OfflineApp& app) {
             app.appearance().setTextPercent(AppearanceController::mostText);
             app.conversations().selectFirst();
         }},
        {"high-contrast",
         "high-contrast system setting",
         friends,
         openFirst(),
         Scene::usual,
         true,
         {false, true, false, false}},
        {"touch", "touch without hover", friends, {}, phone, true, {false, false, false, true}},
        {"window-small", "window 360 x 640", friends, openFirst(), phone},
        {"window-large", "window 3840 x 2160", friends, openFirst(), large},
    };
    return scenes;
}

} // namespace

std::span<const Scene> scenes()
{
    return all();
}

const Scene* findScene(std::string_view name)
{
    for (const Scene& scene : all())
        if (name == scene.name)
            return &scene;
    return nullptr;
}

Stage open(const Scene& scene, const StageOptions& options)
{
    Stage stage;
    stage.world = std::make_unique<OfflineWorld>();
    if (scene.prepare)
        scene.prepare(*stage.world);
    const QString language = QString::fromLatin1(scene.language);
    const QLocale locale = language.isEmpty() ? options.locale : QLocale(language);
    QGuiApplication::setLayoutDirection(locale.textDirection());
    SystemLook look = scene.look;
    look.dark = look.dark || options.theme == QStringLiteral("dark");
    stage.app = std::make_unique<OfflineApp>(*stage.world, scene.signedIn, look, locale);
    // Still pictures: nothing that runs on its own.
    stage.app->appearance().setReducedMotion(true);
    if (!options.theme.isEmpty())
        stage.app->appearance().setMode(options.theme);
    if (!stage.app->show())
        return stage;
    stage.app->window()->resize(options.size.isEmpty() ? scene.size : options.size);
    stage.app->settle();
    if (scene.signedIn)
        sayWhoIsHere(*stage.app);
    if (scene.act)
        scene.act(*stage.app);
    stage.app->settle();
    return stage;
}

} // namespace kith::offline
