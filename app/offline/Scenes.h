#pragma once
/// The states that must be designed, by name: each prepares a world, opens the app on it and goes where the state is.
/// For tests, screenshots and designers. Thread: the GUI thread.

#include "app/offline/OfflineApp.h"

#include <QSize>

#include <functional>
#include <memory>
#include <span>

namespace kith::offline
{

struct Scene {
    static constexpr QSize usual{1280, 800};

    const char* name;
    const char* about; ///< The row of the design that it shows.
    /// Before the app is made.
    std::function<void(OfflineWorld&)> prepare;
    /// With the app open and still.
    std::function<void(OfflineApp&)> act;
    QSize size = usual;
    bool signedIn = true;
    SystemLook look = {};
    const char* language = "";
};

[[nodiscard]] std::span<const Scene> scenes();
/// Null: there is none of that name.
[[nodiscard]] const Scene* findScene(std::string_view name);

/// A world and the app on it, at the scene, at rest.
struct Stage {
    std::unique_ptr<OfflineWorld> world;
    std::unique_ptr<OfflineApp> app;
};
struct StageOptions {
    QSize size;    ///< Empty: the scene's.
    QString theme; ///< Empty: the scene's.
    QLocale locale;
};
[[nodiscard]] Stage open(const Scene& scene, const StageOptions& options);

} // namespace kith::offline
