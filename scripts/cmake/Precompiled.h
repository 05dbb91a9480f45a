#pragma once
// What nearly every file includes anyway; compiled once. No file may rely on it: includes stay complete.
#include <QtCore/QByteArray>
#include <QtCore/QObject>
#include <QtCore/QString>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
