// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/value.h"

#include <QHash>

#include <yaml-cpp/eventhandler.h>

#include <vector>

namespace mooring::interop {

/// Makes a Value of what the YAML parser hears, and stops it as soon as that grows beyond measure: each alias
/// counts with all that it stands for, so ten lines can't stand for a billion values.
class YamlBuilder final : public YAML::EventHandler {
public:
    /// Thrown to stop the parser; it has no other way.
    struct TooMuch { };

    const Value &root() const { return m_root; }

    void OnDocumentStart(const YAML::Mark &mark) override;
    void OnDocumentEnd() override;
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &text) override;
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override;
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

private:
    struct Measured {
        Value value;
        qsizetype size = 1;
    };
    struct Open {
        Measured node;
        YAML::anchor_t anchor = 0;
        /// Of a map: the name that waits for its value.
        bool hasName = false;
        QString name;
    };

    void open(Value::Kind kind, YAML::anchor_t anchor);
    void close();
    void add(const Measured &node, YAML::anchor_t anchor);
    void grow(qsizetype count);
    void place(const Measured &node);

    std::vector<Open> m_open;
    QHash<size_t, Measured> m_anchors;
    Value m_root;
    qsizetype m_size = 0;
};

} // namespace mooring::interop
