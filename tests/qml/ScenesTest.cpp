#include "app/offline/Scenes.h"

#include <QAccessible>
#include <QCryptographicHash>
#include <QProcess>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace kith::offline;

namespace
{

/// Of the colours in a picture, sampled: a blank one has a single colour.
std::size_t coloursIn(const QImage& picture)
{
    std::set<QRgb> seen;
    for (int y = 0; y < picture.height(); y += 3)
        for (int x = 0; x < picture.width(); x += 3)
            seen.insert(picture.pixel(x, y));
    return seen.size();
}

bool isShown(const QAccessibleInterface* node)
{
    const auto state = node->state();
    return !state.invisible && !node->rect().isEmpty();
}

/// Focusable nodes without a name, and buttons under the least size, by their class.
void complaints(QAccessibleInterface* node, int target, QStringList& found)
{
    if (node == nullptr || !isShown(node))
        return;
    const bool focusable = node->state().focusable;
    const bool button = node->role() == QAccessible::Button || node->role() == QAccessible::RadioButton ||
                        node->role() == QAccessible::CheckBox;
    const QString what = QString::fromLatin1(node->object()->metaObject()->className());
    if ((focusable || button) && node->text(QAccessible::Name).isEmpty())
        found += what + QStringLiteral(" has no name");
    if (button && (node->rect().height() < target || node->rect().width() < target))
        found += QStringLiteral("%1 \"%2\" is %3 x %4")
                     .arg(what, node->text(QAccessible::Name))
                     .arg(node->rect().width())
                     .arg(node->rect().height());
    for (int child = 0; child < node->childCount(); ++child)
        complaints(node->child(child), target, found);
}

} // namespace

class ScenesTest : public QObject
{
    Q_OBJECT

    std::map<QByteArray, QByteArray> seen_; ///< Hash of a picture -> the scene it was first seen in.

    static StageOptions options(const QString& theme = {}) { return {{}, theme, QLocale(QStringLiteral("en_GB"))}; }

private Q_SLOTS:
    void initTestCase() { QGuiApplication::setFont(QFont(QStringLiteral("Inter"))); }

    void everySceneIsDrawnAndDiffers_data()
    {
        QTest::addColumn<const Scene*>("scene");
        for (const Scene& scene : scenes())
            QTest::newRow(scene.name) << &scene;
    }
    void everySceneIsDrawnAndDiffers()
    {
        QFETCH(const Scene*, scene);
        QAccessible::setActive(true);
        const Stage stage = open(*scene, options());
        QVERIFY(stage.app->window() != nullptr);
        const QImage picture = stage.app->window()->grabWindow();
        QCOMPARE(picture.size(), scene->size);
        QVERIFY(coloursIn(picture) > 8);
        const QByteArray hash = QCryptographicHash::hash(QByteArrayView(picture.constBits(), picture.sizeInBytes()),
                                                         QCryptographicHash::Sha256);
        QVERIFY2(!seen_.contains(hash), "looks the same as " + seen_[hash]);
        seen_[hash] = scene->name;
        QStringList found;
        complaints(QAccessible::queryAccessibleInterface(stage.app->window()), scene->look.touch ? 44 : 32, found);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(QStringLiteral("; "))));
    }
    /// Dark is another picture, not a filter that was forgotten.
    void darkDiffers()
    {
        const Scene* scene = findScene("chat");
        const QImage light = open(*scene, options(QStringLiteral("light"))).app->window()->grabWindow();
        const QImage dark = open(*scene, options(QStringLiteral("dark"))).app->window()->grabWindow();
        QVERIFY(light.pixelColor(light.width() / 2, light.height() / 2).lightness() > 200);
        QVERIFY(dark.pixelColor(dark.width() / 2, dark.height() / 2).lightness() < 80);
    }
    /// `--scale` is a denser screen, not a larger window: the same scene on twice the pixels.
    void theScaleMultipliesPixels()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("chat.png"));
        QProcess program;
        program.start(qEnvironmentVariable("KITH_BIN_DIR") + QStringLiteral("/kith-offline"),
                      {QStringLiteral("--scene"), QStringLiteral("chat"), QStringLiteral("--size"),
                       QStringLiteral("400x640"), QStringLiteral("--scale"), QStringLiteral("2"),
                       QStringLiteral("--screenshot"), file});
        QVERIFY(program.waitForFinished(60'000));
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(QImage(file).size(), QSize(800, 1280));
    }
    void namesAreUnique()
    {
        std::set<std::string_view> names;
        for (const Scene& scene : scenes())
            QVERIFY2(names.insert(scene.name).second, scene.name);
        QVERIFY(findScene("no-such-scene") == nullptr);
    }
    /// The written message takes the way through the store and comes back accepted.
    void whatIsWrittenAppearsAndIsAccepted()
    {
        const Stage stage = open(*findScene("chat"), options());
        auto& chat = stage.app->chat();
        chat.setDraft(QStringLiteral("On my way"));
        chat.send();
        QTRY_COMPARE(chat.timeline()->rows().front().text, QStringLiteral("On my way"));
        QVERIFY(chat.draft().isEmpty());
        stage.app->settle(OfflineAccount::serverDelay);
        QTRY_COMPARE(chat.timeline()->rows().front().delivery, kith::DeliveryState::Accepted);
    }
};

QTEST_MAIN(ScenesTest)
#include "ScenesTest.moc"
