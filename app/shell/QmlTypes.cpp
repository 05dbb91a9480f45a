#include "app/shell/QmlTypes.h"

#include <QQmlEngine>

namespace kith
{

Strings* StringsForQml::create(QQmlEngine* engine, QJSEngine*)
{
    auto* strings = engine->property("strings").value<Strings*>();
    QJSEngine::setObjectOwnership(strings, QJSEngine::CppOwnership);
    return strings;
}

} // namespace kith
