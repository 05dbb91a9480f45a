// kith-offline: the app over a scripted world, to look at, to photograph and to test. It opens no socket and no file
// but the picture it is asked for.

#include "app/offline/Scenes.h"

#include <QCommandLineParser>
#include <QFont>
#include <QGuiApplication>
#include <QQuickWindow>
#include <QTextStream>

namespace
{

using namespace kith::offline;

constexpr int misuse = 2;

int complain(const QString& words)
{
    QTextStream(stderr) << "kith-offline: " << words << "\n";
    return misuse;
}

int listScenes()
{
    QTextStream out(stdout);
    for (const Scene& scene : scenes())
        out << scene.name << "\t" << scene.about << "\n";
    return 0;
}

QSize sizeFrom(const QString& text)
{
    const QStringList parts = text.split(QLatin1Char('x'));
    return parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
}

/// Read before there is an application: Qt takes the factor from the environment only.
void applyScale(int argc, char** argv)
{
    for (int i = 1; i + 1 < argc; ++i)
        if (std::string_view(argv[i]) == "--scale")
            qputenv("QT_SCALE_FACTOR", argv[i + 1]);
}

} // namespace

int main(int argc, char** argv)
{
    applyScale(argc, argv);
    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName(QStringLiteral("kith-offline"));
    QGuiApplication::setFont(QFont(QStringLiteral("Inter"))); // pictures are the same everywhere

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Kith over a scripted world: no server, no files, no network."));
    parser.addHelpOption();
    const QCommandLineOption list(QStringLiteral("list-scenes"),
                                  QStringLiteral("Print name and subject of every scene."));
    const QCommandLineOption name(QStringLiteral("scene"), QStringLiteral("The scene to open."), QStringLiteral("NAME"),
                                  QStringLiteral("chat"));
    const QCommandLineOption picture(QStringLiteral("screenshot"), QStringLiteral("Write a picture and end."),
                                     QStringLiteral("FILE"));
    const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("Of the window."), QStringLiteral("WxH"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light or dark."), QStringLiteral("THEME"));
    const QCommandLineOption scale(QStringLiteral("scale"), QStringLiteral("Pixels per pixel: 1, 1.5, 2."),
                                   QStringLiteral("F"));
    const QCommandLineOption language(QStringLiteral("lang"), QStringLiteral("Locale of times and direction."),
                                      QStringLiteral("L"), QStringLiteral("en_GB"));
    parser.addOptions({list, name, picture, size, theme, scale, language});
    parser.process(application);

    if (parser.isSet(list))
        return listScenes();
    const Scene* scene = findScene(parser.value(name).toStdString());
    if (scene == nullptr)
        return complain(QStringLiteral("there is no scene \"%1\"; --list-scenes names them").arg(parser.value(name)));
    StageOptions options;
    options.locale = QLocale(parser.value(language));
    options.theme = parser.value(theme);
    if (parser.isSet(size) && (options.size = sizeFrom(parser.value(size))).isEmpty())
        return complain(QStringLiteral("--size is written as 1280x800"));
    if (!options.theme.isEmpty() && options.theme != QStringLiteral("light") && options.theme != QStringLiteral("dark"))
        return complain(QStringLiteral("--theme is light or dark"));
    const Stage stage = open(*scene, options);
    if (stage.app->window() == nullptr)
        return 1;
    if (!parser.isSet(picture))
        return QGuiApplication::exec();
    if (!stage.app->window()->grabWindow().save(parser.value(picture)))
        return complain(QStringLiteral("%1 cannot be written").arg(parser.value(picture)));
    return 0;
}
