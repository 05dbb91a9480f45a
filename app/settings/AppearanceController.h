#pragma once
/// How the window looks: theme, text size, motion, contrast. What a person chose is kept in the profile's settings
/// file; what they did not choose follows the system. Owned by the composition root. Thread: the GUI thread.

#include <QObject>
#include <QSettings>

#include <memory>

namespace kith
{

/// What the desktop asks for; read by the composition root.
struct SystemLook {
    bool dark = false;
    bool highContrast = false;
    bool reducedMotion = false;
    bool touch = false;
};

class AppearanceController : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString mode READ mode WRITE setMode NOTIFY changed)
    Q_PROPERTY(int textPercent READ textPercent WRITE setTextPercent NOTIFY changed)
    Q_PROPERTY(bool reducedMotion READ reducedMotion WRITE setReducedMotion NOTIFY changed)
    Q_PROPERTY(bool highContrast READ highContrast WRITE setHighContrast NOTIFY changed)
    Q_PROPERTY(bool dark READ isDark NOTIFY changed)
    Q_PROPERTY(bool touch READ isTouch NOTIFY changed)
    Q_PROPERTY(int listWidth READ listWidth WRITE setListWidth NOTIFY changed)

public:
    static constexpr int leastText = 85;
    static constexpr int mostText = 200;

    /// `settings` outlives the controller.
    AppearanceController(QSettings& settings, SystemLook look, QObject* parent = nullptr);

    /// The desktop changed its mind while the window is open.
    void setSystemLook(const SystemLook& look);

    /// "system", "light" or "dark".
    [[nodiscard]] QString mode() const;
    void setMode(const QString& mode);
    /// 85 to 200.
    [[nodiscard]] int textPercent() const;
    void setTextPercent(int percent);
    Q_INVOKABLE void enlargeText();
    Q_INVOKABLE void shrinkText();
    [[nodiscard]] bool reducedMotion() const;
    void setReducedMotion(bool reduced);
    [[nodiscard]] bool highContrast() const;
    void setHighContrast(bool high);
    [[nodiscard]] bool isDark() const;
    [[nodiscard]] bool isTouch() const { return look_.touch; }
    /// Of the list pane, in pixels; 0: not chosen.
    [[nodiscard]] int listWidth() const;
    void setListWidth(int width);

Q_SIGNALS:
    void changed();

private:
    void keep(const QString& key, const QVariant& value);

    QSettings& settings_;
    SystemLook look_;
};

} // namespace kith
