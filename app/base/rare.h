// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

namespace mooring::base {

/// An optional that is as small as a pointer while it is empty: for large values that few of many objects
/// have. Used like std::optional; not copied.
template <typename T>
class Rare final {
public:
    Rare() = default;
    Rare &operator=(T value)
    {
        m_value = std::make_unique<T>(std::move(value));
        return *this;
    }
    void reset() { m_value.reset(); }

    explicit operator bool() const { return m_value != nullptr; }
    T &operator*() const { return *m_value; }
    T *operator->() const { return m_value.get(); }

private:
    std::unique_ptr<T> m_value;
};

} // namespace mooring::base
