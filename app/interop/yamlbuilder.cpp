// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/yamlbuilder.h"

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumSize = 20'000;

/// YAML 1.2's words for nothing and truth, where they are not quoted ("!" is the tag of what is).
Value plain(const QString &text)
{
    Value value;
    value.text = text;
    const QString word = text.toLower();
    if (word == "true"_L1 || word == "false"_L1) {
        value.kind = Value::Kind::Truth;
        value.text = word;
    } else if (word.isEmpty() || word == "null"_L1 || word == "~"_L1) {
        value.text.clear();
    } else {
        value.kind = Value::Kind::Text;
    }
    return value;
}

/// "<<: *defaults" stands for the members of another map that are not in this one.
void takeMerged(Value *map)
{
    const Value *merged = map->find(u"<<");
    if (merged == nullptr || !merged->isObject()) {
        return;
    }
    const Value defaults = *merged;
    for (qsizetype i = 0; i < defaults.names.size(); ++i) {
        if (!map->names.contains(defaults.names.at(i))) {
            map->names.append(defaults.names.at(i));
            map->items.append(defaults.items.at(i));
        }
    }
}

} // namespace

void YamlBuilder::OnDocumentStart(const YAML::Mark & /*mark*/) { }

void YamlBuilder::OnDocumentEnd() { }

void YamlBuilder::OnNull(const YAML::Mark & /*mark*/, YAML::anchor_t anchor)
{
    add({}, anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark & /*mark*/, YAML::anchor_t anchor)
{
    // An anchor that is not complete yet would hold itself; it counts as nothing.
    const Measured node = m_anchors.value(anchor);
    grow(node.size);
    place(node);
}

void YamlBuilder::OnScalar(const YAML::Mark & /*mark*/, const std::string &tag, YAML::anchor_t anchor,
                           const std::string &text)
{
    const QString content = QString::fromStdString(text);
    Measured node;
    node.value = tag == "!" ? Value{Value::Kind::Text, content} : plain(content);
    add(node, anchor);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark & /*mark*/, const std::string & /*tag*/,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/)
{
    open(Value::Kind::List, anchor);
}

void YamlBuilder::OnSequenceEnd()
{
    close();
}

void YamlBuilder::OnMapStart(const YAML::Mark & /*mark*/, const std::string & /*tag*/, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/)
{
    open(Value::Kind::Object, anchor);
}

void YamlBuilder::OnMapEnd()
{
    takeMerged(&m_open.back().node.value);
    close();
}

void YamlBuilder::open(Value::Kind kind, YAML::anchor_t anchor)
{
    if (m_open.size() >= size_t(maximumDepth)) {
        throw TooMuch();
    }
    Open node;
    node.node.value.kind = kind;
    node.anchor = anchor;
    m_open.push_back(std::move(node));
}

void YamlBuilder::close()
{
    const Open done = std::move(m_open.back());
    m_open.pop_back();
    add(done.node, done.anchor);
}

void YamlBuilder::add(const Measured &node, YAML::anchor_t anchor)
{
    if (anchor != 0) {
        m_anchors.insert(anchor, node);
    }
    grow(1);
    place(node);
}

void YamlBuilder::grow(qsizetype count)
{
    m_size += count;
    if (m_size > maximumSize) {
        throw TooMuch();
    }
}

void YamlBuilder::place(const Measured &node)
{
    if (m_open.empty()) {
        m_root = node.value;
        return;
    }
    Open &parent = m_open.back();
    parent.node.size += node.size;
    if (parent.node.value.isList()) {
        parent.node.value.items.append(node.value);
    } else if (!parent.hasName) {
        parent.hasName = true;
        parent.name = node.value.text;
    } else {
        parent.hasName = false;
        parent.node.value.names.append(parent.name);
        parent.node.value.items.append(node.value);
    }
}

} // namespace mooring::interop
