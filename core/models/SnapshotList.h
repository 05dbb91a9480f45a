#pragma once
/// A list model that goes from one snapshot of rows to the next by the fewest removals, moves and inserts, so that a
/// view keeps its place and its delegates. Rows have `key()` (unique, stable) and ==. Owned by whoever shows it.
/// Thread: the GUI thread.

#include <QAbstractListModel>

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kith
{

template <class Row> class SnapshotList : public QAbstractListModel
{
public:
    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

protected:
    /// Announces every change; rows that only changed are told by dataChanged.
    void become(std::vector<Row> next)
    {
        removeMissing(next);
        insertAndMove(next);
        update(std::move(next));
    }
    /// For a change of subject: views start anew.
    void restart(std::vector<Row> next)
    {
        beginResetModel();
        rows_ = std::move(next);
        endResetModel();
    }

private:
    using Key = std::remove_cvref_t<decltype(std::declval<const Row&>().key())>;
    using Places = std::unordered_map<Key, std::size_t>;

    [[nodiscard]] static Places placesOf(const std::vector<Row>& rows)
    {
        Places places;
        for (std::size_t i = 0; i < rows.size(); ++i)
            places.emplace(rows[i].key(), i);
        return places;
    }
    void removeMissing(const std::vector<Row>& next)
    {
        const Places wanted = placesOf(next);
        for (std::size_t end = rows_.size(); end > 0;) {
            std::size_t begin = end;
            while (begin > 0 && !wanted.contains(rows_[begin - 1].key()))
                --begin;
            if (begin == end) {
                --end;
                continue;
            }
            beginRemoveRows({}, static_cast<int>(begin), static_cast<int>(end) - 1);
            rows_.erase(at(begin), at(end));
            endRemoveRows();
            end = begin;
        }
    }
    void insertAndMove(const std::vector<Row>& next)
    {
        const Places known = placesOf(rows_);
        for (std::size_t i = 0; i < next.size(); ++i) {
            if (i < rows_.size() && rows_[i].key() == next[i].key())
                continue;
            if (known.contains(next[i].key())) {
                const auto found =
                    std::find_if(at(i), rows_.end(), [&](const Row& row) { return row.key() == next[i].key(); });
                const int from = static_cast<int>(found - rows_.begin());
                beginMoveRows({}, from, from, {}, static_cast<int>(i));
                std::rotate(at(i), found, std::next(found));
                endMoveRows();
                continue;
            }
            std::size_t end = i + 1;
            while (end < next.size() && !known.contains(next[end].key()))
                ++end;
            beginInsertRows({}, static_cast<int>(i), static_cast<int>(end) - 1);
            rows_.insert(at(i), next.begin() + static_cast<std::ptrdiff_t>(i),
                         next.begin() + static_cast<std::ptrdiff_t>(end));
            endInsertRows();
            i = end - 1;
        }
    }
    void update(std::vector<Row> next)
    {
        for (std::size_t i = 0; i < next.size(); ++i) {
            if (rows_[i] == next[i])
                continue;
            rows_[i] = std::move(next[i]);
            const QModelIndex changed = this->index(static_cast<int>(i));
            Q_EMIT this->dataChanged(changed, changed);
        }
    }
    [[nodiscard]] auto at(std::size_t place) { return rows_.begin() + static_cast<std::ptrdiff_t>(place); }

    std::vector<Row> rows_;
};

} // namespace kith
